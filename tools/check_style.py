#!/usr/bin/env python3
"""Checks the house style that a program can see: sizes, names, characters, test manners, coroutine lambdas, formatting.

usage: tools/check_style.py [--root FOLDER] [--fix]
Prints one line a finding, `file:line: what is wrong`, and ends with 1 when there is any. --fix lets clang-format rewrite the
files it would complain about.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

import style_cxx
import style_text
from cxx_source import is_cxx, project_files

FORMATTER = "clang-format-19"
TOP_FOLDERS = ["bench", "crypto", "platforms", "server", "storage", "tests", "tools"]


def check_readmes(names: list[str]) -> list[str]:
    """Every top folder that holds anything says on a page what it is."""
    known = set(names)
    return [
        f"{folder}:1: has no README.md"
        for folder in TOP_FOLDERS
        if f"{folder}/README.md" not in known and any(name.startswith(folder + "/") for name in names)
    ]


def listed_files(root: pathlib.Path, names: list[str]) -> set[str]:
    """What the CMake files name: paths beside themselves, or from the root where they say so."""
    listed = set()
    for name in names:
        path = pathlib.PurePosixPath(name)
        if path.name == "CMakeLists.txt" or path.suffix == ".cmake":
            for word in re.split(r'[\s"()]+', (root / name).read_text(encoding="utf-8")):
                from_root = word.removeprefix("${CMAKE_SOURCE_DIR}/")
                listed.add(from_root if from_root != word else (path.parent / word).as_posix())
    return listed


def check_listed(root: pathlib.Path, names: list[str]) -> list[str]:
    """A source that no CMakeLists.txt names is compiled by nobody, and a header that none names is not checked alone."""
    listed = listed_files(root, names)
    findings = []
    for name in filter(is_cxx, names):
        path = pathlib.PurePosixPath(name)
        helper = path.suffix == ".hpp" and path.parts[0] in ("tests", "bench", "tools")
        if not helper and name not in listed:
            findings.append(f"{name}:1: is named by no CMakeLists.txt")
    return findings


def check_formatting(root: pathlib.Path, names: list[str], fix: bool) -> list[str]:
    files = [name for name in names if is_cxx(name)]
    if not files or not (root / ".clang-format").exists():
        return []
    if shutil.which(FORMATTER) is None:
        print(f"{FORMATTER} is not installed (tools/bootstrap installs it): formatting was not checked")
        return []
    findings = []
    for start in range(0, len(files), 40):
        some = files[start : start + 40]
        if fix:
            subprocess.run([FORMATTER, "-i", *some], cwd=root, check=True)
        checked = subprocess.run(
            [FORMATTER, "--dry-run", "-Werror", *some], cwd=root, capture_output=True, text=True, check=False
        )
        badly = {line.split(":")[0]: line.split(":")[1] for line in checked.stderr.splitlines() if "error:" in line}
        findings += [f"{name}:{line}: is not as {FORMATTER} writes it" for name, line in badly.items()]
    return findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--fix", action="store_true", help="let clang-format rewrite what it complains about")
    arguments = parser.parse_args()
    root = arguments.root
    names = project_files(root)
    findings = check_readmes(names) + check_listed(root, names) + check_formatting(root, names, arguments.fix)
    for name in names:
        content = (root / name).read_bytes()
        findings += style_text.check_name(name) + style_text.check_mode(root / name, name, content)
        if b"\0" in content:
            continue
        text = content.decode("utf-8", errors="replace")
        findings += style_text.check_text(name, text)
        if is_cxx(name):
            findings += style_cxx.check_cxx(name, text)
        if name.endswith(".py") or text.startswith("#!/usr/bin/env python3"):
            findings += style_text.check_python(name, text)
    for finding in sorted(findings):
        print(finding)
    print(f"{len(names)} files, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
