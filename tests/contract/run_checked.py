#!/usr/bin/env python3
"""Runs a test program and checks every exchange that it had with the server, and every webhook that it got, against the OpenAPI document.

usage: run_checked.py DOCUMENT.json PROGRAM ARGUMENTS...
The program writes its exchanges into the file that CONNECTD_EXCHANGES names, a JSON object a line (tests/server/exchange_log.hpp).
The exit code is the program's, or 1 where an exchange is not as documented.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from contract import VALUE, Contract, check_delivery, check_exchange

SHOWN = 20


def check_file(document: pathlib.Path, exchanges: pathlib.Path) -> tuple[int, list[str]]:
    """How many there were, and what is wrong with them, the same thing once, with the first value."""
    contract = Contract(document)
    wrong: dict[str, list[str]] = collections.defaultdict(list)
    lines = exchanges.read_bytes().decode(errors="replace").removesuffix("\n").split("\n") if exchanges.stat().st_size else []
    for line in lines:
        seen = json.loads(line)
        for text in check_delivery(contract, seen) if "webhook_headers" in seen else check_exchange(contract, seen):
            wrong[text.partition(VALUE)[0]].append(text)
    return len(lines), [texts[0] + (f" (and {len(texts) - 1} times more)" if texts[1:] else "") for texts in wrong.values()]


def main() -> int:
    document, *command = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="connectd.") as folder:
        exchanges = pathlib.Path(folder) / "exchanges"
        exchanges.touch()
        done = subprocess.run(command, env={**os.environ, "CONNECTD_EXCHANGES": str(exchanges)}, check=False)
        count, wrong = check_file(pathlib.Path(document), exchanges)
    for each in wrong[:SHOWN]:
        print(f"not as documented in openapi.yaml: {each}")
    if len(wrong) > SHOWN:
        print(f"and {len(wrong) - SHOWN} more")
    print(f"{count} exchanges and webhooks checked against openapi.yaml, {len(wrong)} kinds of them not as documented")
    return done.returncode or (1 if wrong else 0)


if __name__ == "__main__":
    sys.exit(main())
