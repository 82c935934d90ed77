#!/usr/bin/env python3
"""Compiles every header of the project by itself, so that none relies on what its users happen to include before it.

usage: tools/check_headers.py [--root FOLDER] [--jobs N] COMPILER FLAG...
Prints what the compiler says of each header that does not compile, and ends with 1 when there is any. The headers of tests
and benches are left out.

Most of the time would go into reading the same headers of Boost again and again. A header that includes another one of the
project, directly or not, may as well find that one precompiled: nothing comes in that it does not bring along itself.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from cxx_source import project_files

INCLUDE = re.compile(r'^#include ["<]([^">]+)[">]', re.MULTILINE)
UNCHECKED = ("tests/", "bench/")
MOST_BASES = 10


class Headers:
    """The headers under a root, and what each of them includes in the end."""

    def __init__(self, root: pathlib.Path):
        self.root = root
        self.names = [name for name in project_files(root) if name.endswith(".hpp")]
        self.direct = {name: INCLUDE.findall((root / name).read_text(encoding="utf-8")) for name in self.names}
        self.reached: dict[str, frozenset[str]] = {}

    def reach(self, name: str) -> frozenset[str]:
        if name not in self.reached:
            self.reached[name] = frozenset()  # ends a circle; check_layers.py is who reports it
            found = set(self.direct[name])
            for included in self.direct[name]:
                if included in self.direct:
                    found |= self.reach(included)
            self.reached[name] = frozenset(found)
        return self.reached[name]

    def cost(self, name: str) -> int:
        """Roughly how long it takes to compile; Boost's headers bring many others."""
        return sum(5 if included.startswith("boost/") else 1 for included in self.reach(name))


def choose_bases(headers: Headers, wanted: list[str]) -> dict[str, str]:
    """For each header the precompiled one it starts from, if any: chosen one by one, by what it saves all of them."""
    base: dict[str, str] = {}
    saved = dict.fromkeys(wanted, 0)
    for _ in range(MOST_BASES):
        def gain(candidate: str) -> int:
            users = (name for name in wanted if candidate in headers.reach(name))
            return sum(max(0, headers.cost(candidate) - saved[name]) for name in users) - headers.cost(candidate)

        best = max(headers.names, key=gain, default=None)
        if best is None or gain(best) <= 0:
            break
        for name in wanted:
            if best in headers.reach(name) and headers.cost(best) > saved[name]:
                saved[name] = headers.cost(best)
                base[name] = best
    return base


class Compiler:
    def __init__(self, command: list[str], root: pathlib.Path, folder: pathlib.Path):
        self.command = [*command, f"-I{root}"]
        self.root = root
        self.folder = folder

    def run(self, arguments: list[str]) -> str:
        """What the compiler says; empty when all is well."""
        done = subprocess.run([*self.command, *arguments], cwd=self.root, capture_output=True, text=True)
        return "" if done.returncode == 0 else done.stderr or f"the compiler ended with {done.returncode}"

    def precompiled(self, name: str) -> pathlib.Path:
        return self.folder / (name.replace("/", "-") + ".pch")

    def precompile(self, name: str) -> str:
        unit = self.precompiled(name).with_suffix(".cpp")
        unit.write_text(f'#include "{name}"\n', encoding="utf-8")
        return self.run(["-x", "c++-header", str(unit), "-o", str(self.precompiled(name))])

    def check(self, name: str, base: str | None) -> str:
        start = ["-include-pch", str(self.precompiled(base))] if base else []
        return self.run(["-fsyntax-only", *start, "-include", name, "-x", "c++", os.devnull])


def findings(headers: Headers, compiler: Compiler, jobs: int) -> dict[str, str]:
    wanted = [name for name in headers.names if not name.startswith(UNCHECKED)]
    base = choose_bases(headers, wanted)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        bases = sorted(set(base.values()))
        broken = {name for name, said in zip(bases, pool.map(compiler.precompile, bases)) if said}
        starts = [None if base.get(name) in broken else base.get(name) for name in wanted]
        return {name: said for name, said in zip(wanted, pool.map(compiler.check, wanted, starts)) if said}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    chosen = parser.parse_args()
    if not chosen.command:
        parser.error("which compiler, with which flags?")
    headers = Headers(chosen.root)
    with tempfile.TemporaryDirectory() as folder:
        compiler = Compiler(chosen.command, chosen.root, pathlib.Path(folder))
        found = findings(headers, compiler, chosen.jobs)
    for name, said in found.items():
        print(f"{name} does not compile by itself:\n{said}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
