#!/usr/bin/env python3
"""Goal: what the house style forbids is found, and what it allows is left alone. Method: small trees with one fault each."""

import unittest

from sample_tree import findings

LISTED = {"CMakeLists.txt": "add_library(crypto crypto/a.cpp crypto/a.hpp tests/crypto/a_test.cpp)\n"}
READMES = {f"{folder}/README.md": "text\n" for folder in ("crypto", "tests", "tools")}


class CheckStyle(unittest.TestCase):
    def refused(self, files: dict[str, str], expected: str) -> None:
        code, output = findings("check_style.py", {**LISTED, **READMES, **files})
        self.assertIn(expected, output)
        self.assertEqual(code, 1, output)

    def accepted(self, files: dict[str, str], executable: tuple[str, ...] = ()) -> None:
        code, output = findings("check_style.py", {**LISTED, **READMES, **files}, executable)
        self.assertEqual(code, 0, output)

    def test_a_clean_tree_passes(self):
        self.accepted(
            {
                "crypto/a.hpp": "// What it is.\n#pragma once\n\nint twice(int value);\n",
                "crypto/a.cpp": "int twice(int value) {\n    return 2 * value;\n}\n",
                "tools/run": "#!/bin/sh\necho\n",
            },
            executable=("tools/run",),
        )

    def test_lengths(self):
        self.refused({"crypto/a.cpp": "int x;\n" * 401}, "has 401 lines, 400 are allowed")
        self.refused({"crypto/a.cpp": "// " + "word " * 30 + "end\n"}, "columns, 120 are allowed")
        body = "    step();\n" * 69
        for before, head, after, found in (
            ("", "void f() {\n", "}\n", "1: a function of 71"),
            ("namespace a {\nclass b {\n  public:\n", "    void f() const noexcept {\n", "    }\n};\n}\n", "4: a function of 71"),
            ("", "a::a(int x)\n    : x_{x}, y_{1} {\n", "}\n", "1: a function of 72"),
            ("BOOST_AUTO_TEST_SUITE(x)\nnamespace {\n", "void f() {\n", "}\n}\n", "3: a function of 71"),
        ):
            self.refused({"crypto/a.cpp": before + head + body + after}, f"crypto/a.cpp:{found} lines")
        self.accepted({"crypto/a.cpp": f"void f() {{\n{body[12:]}}}\n\nvoid g() {{\n{body[12:]}}}\n"})
        self.refused({"tools/a.py": "def f():\n" + "    step()\n" * 70}, "`f` has 71 lines")

    def test_names_and_characters(self):
        self.refused({"crypto/Secret.md": "x\n"}, "`Secret.md` is not snake_case")
        self.refused({"crypto/a.cpp": "int x;\t\n"}, "holds a tab")
        self.refused({"crypto/a.cpp": "int x; \n"}, "ends with blanks")
        self.refused({"crypto/a.cpp": "int x;\r\n"}, "ends with a carriage return")
        self.refused({"crypto/a.cpp": "int x;"}, "has no newline at its end")
        self.refused({"crypto/a.cpp": "// caf\u00e9\n"}, "is not ASCII")

    def test_unfinished_words(self):
        for word in ("TO" + "DO", "FIX" + "ME", "place" + "holder", "not imple" + "mented"):
            self.refused({"crypto/a.cpp": f"// {word}: later\n"}, f"`{word}` marks unfinished work")

    def test_a_header_is_guarded(self):
        self.refused({"crypto/a.hpp": "int x;\n"}, "a header starts with #pragma once")

    def test_executables(self):
        self.refused({"tools/run": "#!/bin/sh\n"}, "has a shebang line but is not executable")
        code, output = findings("check_style.py", {**READMES, "tools/a.md": "x\n"}, ("tools/a.md",))
        self.assertEqual(code, 1, output)

    def test_every_folder_says_what_it_is(self):
        code, output = findings("check_style.py", {"storage/FORMAT.md": "x\n"})
        self.assertIn("storage:1: has no README.md", output)
        self.assertEqual(code, 1)

    def test_every_source_is_built(self):
        self.refused({"crypto/b.cpp": "int x;\n"}, "crypto/b.cpp:1: is named by no CMakeLists.txt")
        self.refused({"crypto/b.hpp": "#pragma once\n"}, "crypto/b.hpp:1: is named by no CMakeLists.txt")

    def test_tests_do_not_sleep_and_can_fail(self):
        suite = "BOOST_AUTO_TEST_SUITE(a_test)\n"
        self.accepted({"tests/crypto/a_test.cpp": suite})
        self.refused({"tests/crypto/a_test.cpp": suite + "std::this_thread::sleep_" + "for(1ms);\n"}, "it does not sleep")
        self.refused({"tests/crypto/a_test.cpp": suite + "BOOST_TEST(true);\n"}, "a test that cannot fail")
        self.refused({"tests/crypto/a_test.cpp": "BOOST_AUTO_TEST_SUITE(b_test)\n"}, "must be `a_test`")

    def test_coroutine_lambdas_capture_nothing(self):
        message = "a capturing lambda must not be a coroutine"
        for text in (
            "auto f = [x]() -> task<void> { co_await g(x); };\n",
            "call([&](request& r) -> task<response> { co_return co_await g(r); });\n",
            "call(1, [this] { co_return; });\n",
        ):
            self.refused({"crypto/a.cpp": text}, message)
        self.accepted(
            {
                "crypto/a.cpp": "auto f = [](int x) -> task<void> { co_await g(x); };\n"
                "task<void> h(std::array<int, 2> a) {\n    auto const y = a[0];\n"
                "    co_await g([&] { return y; });\n    co_return;\n}\n"
            }
        )
        self.refused({"crypto/a.cpp": "co_spawn(ex, [x] { return f(x); }, group.token());\n"}, "co_spawn takes a named coroutine")
        self.accepted({"crypto/a.cpp": "co_spawn(ex, f(x), [x](std::exception_ptr) { done(x); });\n"})


if __name__ == "__main__":
    unittest.main()
