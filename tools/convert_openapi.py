#!/usr/bin/env python3
"""Writes an OpenAPI document of YAML as JSON, for the embedding into the binary.

usage: convert_openapi.py IN.yaml OUT.json
"""
import json
import pathlib
import sys

import yaml


def main() -> None:
    source, output = map(pathlib.Path, sys.argv[1:3])
    document = yaml.safe_load(source.read_text(encoding="utf-8"))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(document, separators=(",", ":"), ensure_ascii=True) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
