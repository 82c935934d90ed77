#!/usr/bin/env python3
"""Writes an OpenAPI document of YAML as JSON, for the embedding into the binary. Its operations say in words, too, whose key they take.

usage: convert_openapi.py IN.yaml OUT.json
"""
import functools
import json
import pathlib
import sys

import yaml

METHODS = {"get", "post", "put", "patch", "delete"}


def key_sentence(operation: dict) -> str:
    of_a_workspace = f"a key of a workspace with the scope `{operation.get('x-scope')}`"
    return {
        "open": "Takes no key.",
        "root": "Takes the root key.",
        "workspace": f"Takes {of_a_workspace}.",
        "either": f"Takes the root key or {of_a_workspace}.",
    }[operation["x-access"]]


def explain_keys(document: dict) -> None:
    for item in document["paths"].values():
        for method in METHODS & item.keys():
            said = item[method].get("description", "")
            item[method]["description"] = (said + "\n\n" + key_sentence(item[method])).strip()


def follow(document: dict, node: dict) -> dict:
    """What a reference names, or the node itself."""
    while "$ref" in node:
        node = functools.reduce(lambda at, name: at[name], node["$ref"].split("/")[1:], document)
    return node


def write_out_parameters(document: dict) -> None:
    """Those of a whole path, since Swagger UI follows references only within an operation."""
    for item in document["paths"].values():
        item["parameters"] = [
            {**each, "schema": follow(document, each["schema"])}
            for each in (follow(document, parameter) for parameter in item.get("parameters", []))
        ]


def main() -> None:
    source, output = map(pathlib.Path, sys.argv[1:3])
    document = yaml.safe_load(source.read_text(encoding="utf-8"))
    explain_keys(document)
    write_out_parameters(document)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(document, separators=(",", ":"), ensure_ascii=True) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
