"""What the checks of this folder know about reading C++: which files there are, and a file without its comments and strings.

Both functions keep line numbers: a blanked text has as many lines as the original.
"""

import pathlib
import re
import subprocess

SKIPPED_FOLDERS = {".git", "build", ".scratch", "__pycache__", "node_modules"}
CXX_SUFFIXES = {".cpp", ".hpp"}

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<raw>R"(?P<delimiter>[^()\s\\]{0,16})\(.*?\)(?P=delimiter)")
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<character>(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+')""",
    re.VERBOSE | re.DOTALL,
)


def project_files(root: pathlib.Path) -> list[str]:
    """The files of the project as paths from its root: what git knows or would add, or all files where there is no git."""
    if (root / ".git").exists():
        listing = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True, capture_output=True, text=True,
        ).stdout
        return sorted(name for name in set(listing.split("\0")) if name and (root / name).is_file())
    found = []
    for path in root.rglob("*"):
        relative = path.relative_to(root)
        if path.is_file() and not SKIPPED_FOLDERS.intersection(relative.parts):
            found.append(relative.as_posix())
    return sorted(found)


def is_cxx(name: str) -> bool:
    return pathlib.PurePosixPath(name).suffix in CXX_SUFFIXES


def blank_comments(text: str, keep_strings: bool = False) -> str:
    """The text with comments, and unless asked otherwise the contents of strings, replaced by blanks."""

    def blank(match: re.Match) -> str:
        found = match.group(0)
        if match.lastgroup != "comment" and not found.startswith("/") and keep_strings:
            return found
        blanked = re.sub(r"[^\n]", " ", found)
        if found.startswith("/"):
            return blanked
        return found[0] + blanked[1:-1] + found[-1] if len(found) > 1 else found

    return TOKEN.sub(blank, text)


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def closing(text: str, start: int) -> int:
    """The offset of the bracket that closes the one at `start`, or -1; `text` has no comments and strings left."""
    pairs = {"(": ")", "[": "]", "{": "}"}
    expected = []
    for offset in range(start, len(text)):
        character = text[offset]
        if character in pairs:
            expected.append(pairs[character])
        elif character in ")]}":
            if not expected or expected.pop() != character:
                return -1
            if not expected:
                return offset
    return -1
