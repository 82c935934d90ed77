#!/usr/bin/env python3
"""Checks every include of the tree against tools/layers.json: the arrows between folders, the third-party headers each may
use, the headers and words that belong to single files, and that nothing includes itself in a circle.

usage: tools/check_layers.py [--root FOLDER] [--rules FILE]
Prints one line a finding, `file:line: what is wrong`, and ends with 1 when there is any.
"""

import argparse
import fnmatch
import json
import pathlib
import re
import sys

from cxx_source import blank_comments, is_cxx, line_of, project_files

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)
STANDARD_HEADER = re.compile(r"^[a-z_0-9]+$")
TARGET = re.compile(r"\bconnectd_[a-z_]+\b")


def matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


class Tree:
    """The C++ files under a root with their includes, and the findings about them."""

    def __init__(self, root: pathlib.Path, rules: dict):
        self.rules = rules
        self.names = project_files(root)
        self.known = set(self.names)
        self.root = root
        self.findings: list[str] = []
        self.includes: dict[str, list[tuple[int, str]]] = {}
        self.code: dict[str, str] = {}
        self.system_includes: dict[str, list[tuple[int, str]]] = {}
        for name in filter(is_cxx, self.names):
            text = (root / name).read_text(encoding="utf-8", errors="replace")
            with_strings = blank_comments(text, keep_strings=True)
            self.code[name] = blank_comments(text)
            self.includes[name] = []
            self.system_includes[name] = []
            for match in INCLUDE.finditer(with_strings):
                line = line_of(with_strings, match.start(match.lastindex))
                target = self.includes if match.group(1) else self.system_includes
                target[name].append((line, match.group(1) or match.group(2)))

    def report(self, name: str, line: int, text: str) -> None:
        self.findings.append(f"{name}:{line}: {text}")

    def layer_of(self, name: str) -> str | None:
        """The layer with the longest matching pattern: server/http/* wins over server/*."""
        best = None
        for layer, rule in self.rules["layers"].items():
            for pattern in rule["files"]:
                if fnmatch.fnmatchcase(name, pattern) and (best is None or len(pattern) > len(best[0])):
                    best = (pattern, layer)
        return best[1] if best else None


def check_arrows(tree: Tree) -> None:
    for name, includes in tree.includes.items():
        layer = tree.layer_of(name)
        if layer is None:
            tree.report(name, 1, "belongs to no layer of layers.json")
            continue
        rule = tree.rules["layers"][layer]
        folder = name.rsplit("/", 1)[0]
        allowed = [pattern.replace("{folder}", folder) for pattern in rule["may_include"]]
        for line, target in includes:
            if target not in tree.known:
                tree.report(name, line, f'"{target}" does not exist: includes start at the root of the project')
                continue
            forbidden = not matches(target, allowed) or matches(target, rule.get("except", []))
            # A composition file (server/app.hpp) matches no deeper layer, so nothing below may reach up to it.
            if forbidden:
                tree.report(name, line, f'{layer} must not include "{target}"')
            elif target.endswith(".cpp"):
                tree.report(name, line, f'"{target}" is a source: include its header')
            only = tree.rules["included_only_by"].get(target)
            if only is not None and not matches(name, only):
                tree.report(name, line, f'"{target}" is included by {", ".join(only)} and by nothing else')


def family_of(tree: Tree, header: str) -> str | None:
    for family, patterns in tree.rules["third_party"].items():
        if any(re.search(pattern, header) for pattern in patterns):
            return family
    return None


def check_third_party(tree: Tree) -> None:
    for name, includes in tree.system_includes.items():
        layer = tree.layer_of(name)
        if layer is None:
            continue
        rule = tree.rules["layers"][layer]
        allowed = set(rule["third_party"])
        if name.endswith(".cpp"):
            allowed.update(rule.get("third_party_in_sources", []))
        for line, header in includes:
            if header in tree.known:
                tree.report(name, line, f"<{header}> is our own: include it with quotes")
                continue
            family = family_of(tree, header)
            if family is None:
                if STANDARD_HEADER.match(header):
                    if header in rule.get("forbidden_std", []):
                        tree.report(name, line, f"{layer} must not include <{header}>")
                elif "*" not in allowed:
                    tree.report(name, line, f"<{header}> belongs to no family of layers.json")
                continue
            only = tree.rules["third_party_only_in"].get(family)
            if "*" not in allowed and family not in allowed:
                where = "a header of " if name.endswith(".hpp") else ""
                tree.report(name, line, f"{where}{layer} must not include <{header}> ({family})")
            elif only is not None and not matches(name, only):
                tree.report(name, line, f"<{header}> ({family}) belongs in {', '.join(only)} only")


def check_words(tree: Tree) -> None:
    for pattern, only in tree.rules["words_only_in"].items():
        for name, code in tree.code.items():
            if matches(name, only):
                continue
            for match in re.finditer(pattern, code):
                # The header that declares a word may be included anywhere, or not at all, as the other rules say.
                if "#include" in code[code.rfind("\n", 0, match.start()) + 1 : match.start()].replace(" ", ""):
                    continue
                tree.report(name, line_of(code, match.start()), f"`{match.group(0)}` belongs in {', '.join(only)} only")


def check_cycles(tree: Tree) -> None:
    """A unit is a header with its source: a.cpp -> b.hpp and b.cpp -> a.hpp is a circle, though each header compiles."""
    graph: dict[str, set[str]] = {}
    for name, includes in tree.includes.items():
        unit = name.rsplit(".", 1)[0]
        edges = graph.setdefault(unit, set())
        edges.update(target.rsplit(".", 1)[0] for _, target in includes if target in tree.known)
        edges.discard(unit)
    done: set[str] = set()
    for start in sorted(graph):
        path: list[str] = []
        visit(tree, graph, start, path, done)


def visit(tree: Tree, graph: dict[str, set[str]], unit: str, path: list[str], done: set[str]) -> None:
    if unit in path:
        circle = path[path.index(unit) :] + [unit]
        tree.report(circle[0], 1, "includes itself in a circle: " + " -> ".join(circle))
        return
    if unit in done:
        return
    path.append(unit)
    for target in sorted(graph.get(unit, ())):
        visit(tree, graph, target, path, done)
    path.pop()
    done.add(unit)


def check_links(tree: Tree) -> None:
    """A library's CMakeLists.txt must not link what its sources must not include."""
    targets = {}
    for layer, rule in tree.rules["layers"].items():
        targets["connectd_" + layer.replace("/", "_")] = rule["files"][0].rstrip("*")
    for name in tree.names:
        if not name.endswith("CMakeLists.txt") or "/" not in name:
            continue
        layer = tree.layer_of(name)
        if layer is None or "*" in tree.rules["layers"][layer]["may_include"]:
            continue
        allowed = tree.rules["layers"][layer]["may_include"]
        text = (tree.root / name).read_text(encoding="utf-8")
        for match in TARGET.finditer(re.sub(r"#[^\n]*", lambda found: " " * len(found.group(0)), text)):
            folder = targets.get(match.group(0))
            if folder and not any(
                pattern.startswith(folder) or (pattern.endswith("*") and folder.startswith(pattern[:-1]))
                for pattern in allowed
            ):
                tree.report(name, line_of(text, match.start()), f"{layer} must not link {match.group(0)}")


def check_rules(rules: dict) -> list[str]:
    """Two layers that may include each other would make every other rule worthless."""
    findings = []
    heads = {layer: rule["files"][0].rstrip("*") for layer, rule in rules["layers"].items()}
    for first, rule in rules["layers"].items():
        for second, other in rules["layers"].items():
            if first < second and "*" not in rule["may_include"] and "*" not in other["may_include"]:
                forth = any(pattern.startswith(heads[second]) for pattern in rule["may_include"])
                back = any(pattern.startswith(heads[first]) for pattern in other["may_include"])
                if forth and back:
                    findings.append(f"layers.json:1: {first} and {second} may include each other")
    return findings


def main() -> int:
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=here.parent)
    parser.add_argument("--rules", type=pathlib.Path, default=here / "layers.json")
    arguments = parser.parse_args()
    rules = json.loads(arguments.rules.read_text(encoding="utf-8"))
    tree = Tree(arguments.root, rules)
    tree.findings += check_rules(rules)
    for check in (check_arrows, check_third_party, check_words, check_cycles, check_links):
        check(tree)
    for finding in sorted(tree.findings):
        print(finding)
    print(f"{len(tree.includes)} files, {len(tree.findings)} findings")
    return 1 if tree.findings else 0


if __name__ == "__main__":
    sys.exit(main())
