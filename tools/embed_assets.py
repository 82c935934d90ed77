#!/usr/bin/env python3
"""Writes a C++ source that carries files as string literals.

usage: embed_assets.py --output OUT.cpp --include HEADER --function NAMESPACE::NAME [--gzip] FILE...

HEADER declares the type `embedded_file {std::string_view name, content;}` in NAMESPACE and the function
`std::span<embedded_file const> NAME() noexcept`. A file's name is its last path component; they are sorted by name.
--gzip compresses each of them.
"""
import argparse
import gzip
import pathlib

LINE = 100
# The standard promises 65,536 characters; GCC and clang take any number.
OVERLENGTH = '#pragma GCC diagnostic ignored "-Woverlength-strings"\n'


def literals(content: bytes):
    """The bytes as C string literals, one source line each. Octal escapes have three digits, so none can run on."""
    line = ""
    for byte in content:
        char = chr(byte)
        if char in '"\\':
            piece = "\\" + char
        elif char == "\n":
            piece = "\\n"
        elif 32 <= byte < 127 and char != "?":  # ? could begin a trigraph
            piece = char
        else:
            piece = f"\\{byte:03o}"
        line += piece
        if char == "\n" or len(line) >= LINE:
            yield f'    "{line}"'
            line = ""
    yield f'    "{line}"'


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", required=True, type=pathlib.Path)
    parser.add_argument("--include", required=True)
    parser.add_argument("--function", required=True)
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()

    namespace, _, function = arguments.function.rpartition("::")
    files = sorted(arguments.files, key=lambda file: file.name)
    out = [f'#include "{arguments.include}"', "", "#include <array>", "", OVERLENGTH, f"namespace {namespace} {{", "namespace {", ""]
    entries = []
    for index, file in enumerate(files):
        content = file.read_bytes()
        if arguments.gzip:
            content = gzip.compress(content, 9, mtime=0)  # the same bytes with every build
        out += [f"constexpr char content_{index}[] ="] + list(literals(content))
        out[-1] += ";"
        entries.append(f'    {{"{file.name}", {{content_{index}, {len(content)}}}}},')
    out += ["", f"constexpr std::array<embedded_file, {len(files)}> files = {{{{"] + entries + ["}};", ""]
    out += ["} // namespace", "", f"std::span<embedded_file const> {function}() noexcept {{", "    return files;", "}", ""]
    out += [f"}} // namespace {namespace}", ""]
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text("\n".join(out))


if __name__ == "__main__":
    main()
