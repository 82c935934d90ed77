"""Style rules for every text file: names, characters, lengths, words that mark unfinished work."""

import ast
import os
import pathlib
import re

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 70
MAX_CXX_COLUMNS = 120  # clang-format keeps to 110; what it cannot break may reach this
MAX_TEXT_COLUMNS = 140

CODE_SUFFIXES = {".cpp", ".hpp", ".py", ".sh", ".ts", ".tsx", ".js"}
DATA_SUFFIXES = {".json", ".txt", ".pem", ".svg", ".lock", ".yaml", ".rsp"}
GIVEN_NAMES = {
    "CMakeLists.txt", "CMakePresets.json", "FORMAT.md", "LICENSE", "README.md",
    ".ci", ".clang-format", ".gitattributes", ".gitignore", ".npmrc", "package-lock.json",
}  # fmt: skip
SNAKE_CASE = re.compile(r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")

# Written in halves, so that this file does not find itself.
UNFINISHED = re.compile(
    r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK|st" r"ub(s|bed)?|not imple" r"mented|place" r"holder(?!=))\b"
)
SLEEPS = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep|time\.sleep)\b|(?<![\w.])sleep\s*\(|^\s*sleep\s", re.MULTILINE)


def is_code(name: str, text: str) -> bool:
    return pathlib.PurePosixPath(name).suffix in CODE_SUFFIXES or text.startswith("#!")


def check_name(name: str) -> list[str]:
    wrong = [part for part in name.split("/") if part not in GIVEN_NAMES and not SNAKE_CASE.match(part)]
    return [f"{name}:1: `{part}` is not snake_case" for part in wrong]


def check_mode(path: pathlib.Path, name: str, content: bytes) -> list[str]:
    executable = os.access(path, os.X_OK)
    script = content.startswith(b"#!")
    if script and not executable:
        return [f"{name}:1: has a shebang line but is not executable"]
    if executable and not script:
        return [f"{name}:1: is executable but has no shebang line"]
    return []


def check_text(name: str, text: str) -> list[str]:
    findings = []
    lines = text.split("\n")
    suffix = pathlib.PurePosixPath(name).suffix
    code = is_code(name, text)
    columns = MAX_CXX_COLUMNS if suffix in (".cpp", ".hpp") else MAX_TEXT_COLUMNS
    if text and not text.endswith("\n"):
        findings.append(f"{name}:{len(lines)}: has no newline at its end")
    if code and len(lines) - 1 > MAX_FILE_LINES:
        findings.append(f"{name}:{MAX_FILE_LINES}: has {len(lines) - 1} lines, {MAX_FILE_LINES} are allowed")
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}:"
        if "\r" in line:
            findings.append(f"{where} ends with a carriage return")
        if "\t" in line:
            findings.append(f"{where} holds a tab")
        if line.rstrip(" \t\r") != line.rstrip("\r"):
            findings.append(f"{where} ends with blanks")
        if not line.isascii():
            findings.append(f"{where} holds a character that is not ASCII")
        if len(line) > columns and suffix not in DATA_SUFFIXES and not is_unbreakable(suffix, line):
            findings.append(f"{where} has {len(line)} columns, {columns} are allowed")
        if name != "LICENSE":
            findings += [f"{where} `{found.group(0)}` marks unfinished work" for found in UNFINISHED.finditer(line)]
    if name.startswith("tests/"):
        for match in SLEEPS.finditer(text):
            findings.append(f"{name}:{text.count(chr(10), 0, match.start()) + 1}: a test waits for events, it does not sleep")
    return findings


def is_unbreakable(suffix: str, line: str) -> bool:
    """A row of a Markdown table, or a line that is one long word after its indentation or comment sign."""
    return (suffix == ".md" and line.startswith("|")) or " " not in line.strip().removeprefix("//").removeprefix("#").strip()


def check_python(name: str, text: str) -> list[str]:
    findings = []
    for node in ast.walk(ast.parse(text, name)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                findings.append(f"{name}:{node.lineno}: `{node.name}` has {length} lines, {MAX_FUNCTION_LINES} are allowed")
    return findings
