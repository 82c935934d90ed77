#!/usr/bin/env python3
"""Goal: a header that relies on what others include before it cannot land. Method: small trees of headers, compiled as the
check does it; the shared start must not lend a header what it does not include itself."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parents[2] / "tools" / "check_headers.py"
COMPILER = [os.environ["CXX"], "-std=c++20"]

# Costly enough to be precompiled for those that include it.
SHARED = "#pragma once\n" + "".join(f"#include <{name}>\n" for name in ("map", "memory", "optional", "string", "vector"))
USER = '#pragma once\n#include "crypto/shared.hpp"\ninline std::string name{};\n'


class CheckHeaders(unittest.TestCase):
    def check(self, files: dict[str, str]) -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run(
                [sys.executable, "-B", CHECK, "--root", root, *COMPILER], capture_output=True, text=True, check=False
            )
        return done.returncode, done.stdout + done.stderr

    def users(self) -> dict[str, str]:
        return {f"crypto/user{number}.hpp": USER.replace("name", f"name{number}") for number in range(3)}

    def test_headers_that_stand_alone_pass(self):
        self.assertEqual(self.check({"crypto/shared.hpp": SHARED, **self.users()}), (0, ""))

    def test_one_that_does_not_is_named_with_the_reason(self):
        files = {"crypto/shared.hpp": SHARED, **self.users(), "crypto/bare.hpp": "#pragma once\ninline std::string s{};\n"}
        code, output = self.check(files)
        self.assertEqual(code, 1)
        self.assertIn("crypto/bare.hpp does not compile by itself", output)
        self.assertIn("'std'", output)
        self.assertNotIn("user", output)

    def test_a_shared_header_that_is_broken_is_named_and_so_are_its_users(self):
        code, output = self.check({"crypto/shared.hpp": SHARED + "no sense\n", **self.users()})
        self.assertEqual(code, 1)
        self.assertIn("crypto/shared.hpp does not compile by itself", output)
        self.assertIn("crypto/user2.hpp does not compile by itself", output)

    def test_tests_and_benches_are_left_out(self):
        self.assertEqual(self.check({"tests/a.hpp": "no sense\n", "bench/b.hpp": "no sense\n"}), (0, ""))


if __name__ == "__main__":
    unittest.main()
