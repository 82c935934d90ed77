#!/usr/bin/env python3
"""Goal: an arrow against the picture cannot land. Method: small trees, each breaking one rule, must be refused with the line
at fault; a tree that keeps the rules must pass."""

import unittest

from sample_tree import findings


class CheckLayers(unittest.TestCase):
    def refused(self, files: dict[str, str], expected: str) -> None:
        code, output = findings("check_layers.py", files)
        self.assertIn(expected, output)
        self.assertEqual(code, 1, output)

    def accepted(self, files: dict[str, str]) -> None:
        code, output = findings("check_layers.py", files)
        self.assertEqual(code, 0, output)

    def test_a_tree_that_keeps_the_rules_passes(self):
        self.accepted(
            {
                "crypto/secret.hpp": "#pragma once\n#include <string>\n",
                "crypto/secret.cpp": '#include "crypto/secret.hpp"\n#include <openssl/crypto.h>\n',
                "storage/kv.hpp": '#include "crypto/secret.hpp"\n#include <boost/asio/awaitable.hpp>\n',
                "server/services/vault.cpp": '#include "storage/kv.hpp"\n#include "crypto/keyring.hpp"\n',
                "crypto/keyring.hpp": "#pragma once\n",
            }
        )

    def test_storage_and_platforms_do_not_know_each_other(self):
        files = {"storage/kv.hpp": "", "platforms/oauth2.cpp": '\n#include "storage/kv.hpp"\n'}
        self.refused(files, 'platforms/oauth2.cpp:2: platforms must not include "storage/kv.hpp"')
        files = {"platforms/oauth2.hpp": "", "storage/kv.cpp": '#include "platforms/oauth2.hpp"\n'}
        self.refused(files, "storage must not include")

    def test_nothing_points_up(self):
        for upper, lower in [
            ("storage/kv.hpp", "crypto/secret.cpp"),
            ("server/http/router.hpp", "server/services/accounts.cpp"),
            ("server/api/routes.hpp", "server/services/accounts.cpp"),
            ("server/services/accounts.hpp", "server/http/router.cpp"),
            ("server/app.hpp", "server/api/routes.cpp"),
            ("storage/kv.hpp", "server/api/routes.cpp"),
            ("storage/kv.hpp", "server/runtime/log.cpp"),
            ("platforms/oauth2.hpp", "tools/sandbox/x.cpp"),
            ("tests/support/tree.hpp", "bench/seal.cpp"),
            ("bench/harness.hpp", "server/app.cpp"),
        ]:
            with self.subTest(lower=lower, upper=upper):
                self.refused({upper: "", lower: f'#include "{upper}"\n'}, f'must not include "{upper}"')

    def test_a_dialect_does_not_know_another(self):
        files = {"server/dialects/a/a.hpp": "", "server/dialects/b/b.cpp": '#include "server/dialects/a/a.hpp"\n'}
        self.refused(files, 'server/dialects/VENDOR must not include "server/dialects/a/a.hpp"')
        files = {"server/dialects/mounts.hpp": "", "server/dialects/b/b.cpp": '#include "server/dialects/mounts.hpp"\n'}
        self.refused(files, 'server/dialects/VENDOR must not include "server/dialects/mounts.hpp"')
        for own in ("a/a.hpp", "dialect.hpp"):
            include = f'#include "server/dialects/{own}"\n'
            self.accepted({f"server/dialects/{own}": "", "server/dialects/a/b.cpp": include})

    def test_storage_cannot_decrypt(self):
        for header in ("keyring", "guarded_key", "password", "aead"):
            files = {f"crypto/{header}.hpp": "", "storage/kv.cpp": f'#include "crypto/{header}.hpp"\n'}
            self.refused(files, f'storage must not include "crypto/{header}.hpp"')

    def test_the_keyring_has_one_door(self):
        files = {"crypto/keyring.hpp": "", "server/services/accounts.cpp": '#include "crypto/keyring.hpp"\n'}
        self.refused(files, '"crypto/keyring.hpp" is included by')

    def test_third_party_headers_stay_in_their_files(self):
        for name, header, expected in [
            ("crypto/aead.hpp", "openssl/evp.h", "a header of crypto must not include"),
            ("crypto/random.cpp", "boost/asio/io_context.hpp", "crypto must not include"),
            ("crypto/random.cpp", "filesystem", "crypto must not include"),
            ("storage/kv.cpp", "rocksdb/db.h", "(rocksdb) belongs in"),
            ("storage/rocksdb/rocksdb_store.hpp", "rocksdb/db.h", "a header of storage must not include"),
            ("server/runtime/metrics.cpp", "spdlog/spdlog.h", "(spdlog) belongs in"),
            ("server/services/connect.cpp", "boost/beast/http.hpp", "server/services must not include"),
            ("platforms/connector.cpp", "boost/asio/ssl/stream.hpp", "belongs in"),
            ("platforms/connector.cpp", "openssl/ssl.h", "belongs in"),
            ("server/app.cpp", "curl/curl.h", "belongs to no family"),
        ]:
            with self.subTest(name=name, header=header):
                self.refused({name: f"#include <{header}>\n"}, f"{name}:1: ")
                self.refused({name: f"#include <{header}>\n"}, expected)

    def test_an_include_starts_at_the_root(self):
        self.refused({"storage/kv.hpp": "", "storage/kv.cpp": '#include "kv.hpp"\n'}, "includes start at the root")
        self.refused({"storage/kv.hpp": "", "storage/kv.cpp": "#include <storage/kv.hpp>\n"}, "with quotes")

    def test_an_include_in_a_comment_is_none(self):
        self.accepted({"storage/kv.hpp": "", "crypto/secret.cpp": '// #include "storage/kv.hpp"\n'})

    def test_words_stay_in_their_files(self):
        self.refused({"server/app.cpp": "auto t = asio::detached;\n"}, "`detached` belongs in")
        self.accepted({"server/app.cpp": '// detached\nauto t = "detached";\n'})
        self.accepted({"server/runtime/task_group.cpp": "auto t = asio::detached;\n"})
        self.refused({"storage/kv.cpp": "auto t = std::chrono::system_clock::now();\n"}, "`system_clock::now` belongs in")
        self.refused({"crypto/random.cpp": 'auto t = std::getenv("A");\n'}, "belongs in")

    def test_a_circle_is_found_through_sources(self):
        files = {
            "storage/a.hpp": "",
            "storage/a.cpp": '#include "storage/b.hpp"\n',
            "storage/b.hpp": "",
            "storage/b.cpp": '#include "storage/a.hpp"\n',
        }
        self.refused(files, "in a circle: storage/a -> storage/b -> storage/a")

    def test_a_library_links_only_what_it_may_include(self):
        files = {"platforms/CMakeLists.txt": "connectd_library(connectd_platforms\n    PUBLIC connectd_storage)\n"}
        self.refused(files, "platforms/CMakeLists.txt:2: platforms must not link connectd_storage")
        self.accepted({"platforms/CMakeLists.txt": "connectd_library(connectd_platforms PUBLIC connectd_crypto)\n"})

    def test_a_file_outside_the_picture_is_found(self):
        self.refused({"util/strings.cpp": ""}, "belongs to no layer")


if __name__ == "__main__":
    unittest.main()
