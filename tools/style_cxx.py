"""Style rules for C++: header guards, function lengths, test suites, lambdas that must not be coroutines."""

import pathlib
import re

from cxx_source import blank_comments, closing, line_of
from style_text import MAX_FUNCTION_LINES

CONTAINER = re.compile(r'(?:^|\s)(?:(?:namespace|class|struct|union|enum)\b[^()=]*|extern\s*"\s*"\s*)$')
ACCESS = re.compile(r"^.*\b(?:public|protected|private)\s*:(?!:)", re.DOTALL)
SUITE = re.compile(r"\bBOOST_(?:AUTO|FIXTURE)_TEST_SUITE\s*\(\s*(\w+)")
ALWAYS_TRUE = re.compile(r"\bBOOST_(?:TEST|CHECK|REQUIRE)(?:_MESSAGE)?\s*\(\s*(?:true|1)\s*[,)]")
LAMBDA = re.compile(r"(?:^|[(,={;&|?:>!]|\breturn|\bco_await|\bco_return)\s*(\[)(?!\[)", re.MULTILINE)
CO_SPAWN = re.compile(r"\bco_spawn\s*(\()")
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
SUSPENDS = re.compile(r"\bco_(?:await|return|yield)\b")


def check_cxx(name: str, text: str) -> list[str]:
    code = blank_comments(text)
    found: list[tuple[int, str]] = []
    if name.endswith(".hpp"):
        found += check_pragma(code)
    found += check_functions(code) + check_lambdas(code) + check_co_spawn(code)
    if name.startswith("tests/"):
        found += [(m.start(), "a test that cannot fail") for m in ALWAYS_TRUE.finditer(code)]
        if name.endswith("_test.cpp"):
            found += check_suite(name, code)
    return [f"{name}:{line_of(code, offset)}: {message}" for offset, message in found]


def check_pragma(code: str) -> list[tuple[int, str]]:
    first = code.split(None, 2)[:2]
    return [] if first == ["#pragma", "once"] else [(0, "a header starts with #pragma once, after its comment at most")]


def check_suite(name: str, code: str) -> list[tuple[int, str]]:
    """CTest runs each file by the name of its suite."""
    stem = pathlib.PurePosixPath(name).stem
    outer = [match.group(1) for match in SUITE.finditer(code)]
    return [] if outer[:1] == [stem] else [(0, f"its first test suite must be `{stem}`")]


def functions(code: str) -> list[tuple[int, int]]:
    """Start and end of every function body with its head: braces directly inside namespaces and classes whose head has
    parentheses. What stands inside a function belongs to it."""
    found = []
    head = 0
    offset = 0
    code = DIRECTIVE.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), code)
    while offset < len(code):
        character = code[offset]
        if character in ";}":
            head = offset + 1
        elif character == "(":
            end = closing(code, offset)
            offset = end if end > 0 else offset
        elif character == "{":
            heading = code[head:offset]
            start = offset - len(ACCESS.sub("", heading).lstrip())
            if CONTAINER.search(re.sub(r"\[\[.*?\]\]|alignas\s*\(.*?\)", "", heading)):
                head = offset + 1
            else:
                end = closing(code, offset)
                if end < 0:
                    break
                offset = end
                follows = code[end + 1 :].lstrip()[:1]
                # The braces of a member initialiser are followed by the next one or by the body.
                if follows not in (",", "{"):
                    if "(" in heading and not heading.rstrip().endswith("="):
                        found.append((start, end))
                    head = end + 1
        offset += 1
    return found


def check_functions(code: str) -> list[tuple[int, str]]:
    found = []
    for start, end in functions(code):
        length = code.count("\n", start, end) + 1
        if length > MAX_FUNCTION_LINES:
            found.append((start, f"a function of {length} lines, {MAX_FUNCTION_LINES} are allowed"))
    return found


def lambda_parts(code: str, bracket: int) -> tuple[str, int, int] | None:
    """Capture list and body of the lambda whose `[` stands at `bracket`; None when no lambda stands there."""
    end = closing(code, bracket)
    if end < 0:
        return None
    captures = code[bracket + 1 : end].strip()
    rest = re.compile(r"\s*(?:<[^(){}]*>)?\s*(\()?").match(code, end + 1)
    offset = rest.end() if rest else end + 1
    if rest and rest.group(1):
        after = closing(code, rest.start(1))
        if after < 0:
            return None
        offset = after + 1
    body = code.find("{", offset)
    if body < 0 or re.search(r"[;)\]}]", code[offset:body]):
        return None
    return captures, body, closing(code, body)


def check_lambdas(code: str) -> list[tuple[int, str]]:
    """The captures of a coroutine lambda die with the lambda object, which is often gone when the coroutine resumes."""
    found = []
    for match in LAMBDA.finditer(code):
        parts = lambda_parts(code, match.start(1))
        if parts is None or not parts[0]:
            continue
        _, body, end = parts
        if SUSPENDS.search(without_lambdas(code[body + 1 : end])):
            found.append((match.start(1), "a capturing lambda must not be a coroutine: call a named function with values"))
    return found


def without_lambdas(body: str) -> str:
    """The body without the bodies of the lambdas in it, which are judged on their own."""
    for match in reversed(list(LAMBDA.finditer(body))):
        parts = lambda_parts(body, match.start(1))
        if parts is not None and parts[2] > 0:
            body = body[: parts[1]] + body[parts[2] + 1 :]
    return body


def check_co_spawn(code: str) -> list[tuple[int, str]]:
    found = []
    for match in CO_SPAWN.finditer(code):
        end = closing(code, match.start(1))
        second = argument(code[match.start(1) + 1 : end], 1) if end > 0 else ""
        if re.match(r"\s*\[\s*[^\]\s]", second):
            found.append((match.start(), "co_spawn takes a named coroutine, not a capturing lambda"))
    return found


def argument(text: str, index: int) -> str:
    """The argument of that number in a list of arguments; commas in brackets do not count."""
    depth = 0
    start = 0
    for offset, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            if index == 0:
                return text[start:offset]
            index -= 1
            start = offset + 1
    return text[start:] if index == 0 else ""
