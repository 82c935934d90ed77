#!/usr/bin/env python3
"""Goal: an answer that openapi.yaml does not describe fails the test that got it, and the failure says what to mend.
Method: exchanges written by hand, right ones and wrong ones, against the real document.

usage: contract_test.py OPENAPI.json
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import run_checked
from contract import PROBLEM, Contract, check_exchange

DOCUMENT = pathlib.Path(sys.argv.pop(1))
CONTRACT = Contract(DOCUMENT)
TIME = "2026-09-01T07:00:00.000Z"
ID = "01M818YZ1QFBQA3XZTV4ZD2ZRY"
PROFILE = {"id": f"prof_{ID}", "name": "Ada", "external_id": None, "metadata": {"a": 1}, "created_at": TIME, "updated_at": TIME}


def exchange(target: str, status: int, body: object, method: str = "GET", **more: object) -> dict:
    kind = PROBLEM if status >= 400 else "application/json"
    return {
        "method": method,
        "target": target,
        "request_type": "application/json",
        "request_body": "",
        "status": status,
        "headers": {"Content-Type": kind},
        "body": json.dumps(body),
        **more,
    }


def problem(status: int, code: str, **more: object) -> dict:
    return {"type": f"urn:connectd:problem:{code}", "title": "T", "status": status, "code": code, "detail": "D", **more}


class Answers(unittest.TestCase):
    def right(self, seen: dict) -> None:
        self.assertEqual(check_exchange(CONTRACT, seen), [])

    def wrong(self, seen: dict, *said: str) -> None:
        text = "\n".join(check_exchange(CONTRACT, seen))
        for each in said:
            self.assertIn(each, text)

    def test_what_is_documented_passes(self):
        self.right(exchange(f"/v1/profiles/prof_{ID}", 200, PROFILE))
        self.right(exchange("/v1/profiles?limit=5", 200, {"data": [PROFILE], "next_cursor": None}))
        self.right(exchange("/v1/profiles/nobody", 404, problem(404, "profile_not_found", request_id="r")))
        self.right(exchange("/v1/profiles", 413, problem(413, "body_too_large"), "POST"))

    def test_a_member_that_nobody_documented_is_named_with_its_place_and_value(self):
        list_of_one = {"data": [{**PROFILE, "shoe_size": 44}], "next_cursor": None}
        self.wrong(exchange("/v1/profiles", 200, list_of_one), "GET /v1/profiles -> 200: /data/0: ", "shoe_size", "44")
        self.wrong(exchange("/v1/profiles/nobody", 404, problem(404, "profile_not_found", hint="x")), "hint")

    def test_a_member_that_is_missing_or_of_another_type(self):
        short = {name: value for name, value in PROFILE.items() if name != "name"}
        self.wrong(exchange(f"/v1/profiles/prof_{ID}", 200, short), "GET /v1/profiles/{id} -> 200: ", "'name' is a required")
        self.wrong(exchange(f"/v1/profiles/prof_{ID}", 200, {**PROFILE, "created_at": "today"}), "/created_at: ", "today")

    def test_a_code_status_or_media_type_that_the_operation_does_not_have(self):
        self.wrong(exchange(f"/v1/profiles/prof_{ID}", 404, problem(404, "slug_taken")), "/code: ", "slug_taken")
        self.wrong(exchange(f"/v1/profiles/prof_{ID}", 418, problem(418, "teapot")), "-> 418: /code: ", "teapot")
        self.wrong(exchange(f"/v1/profiles/prof_{ID}", 404, problem(410, "profile_not_found")), "/status: says 410")
        self.wrong(exchange("/healthz", 200, {}, headers={"Content-Type": "text/html"}), "a body of text/html")
        self.wrong(exchange("/v1/cakes", 200, {}), "the document has no such operation")

    def test_a_request_that_was_accepted_though_the_document_forbids_it(self):
        body = json.dumps({"name": "Ada", "nickname": "A"})
        self.wrong(exchange("/v1/profiles", 201, PROFILE, "POST", request_body=body), "request ", "nickname")
        self.wrong(exchange("/v1/profiles?limit=500", 200, {"data": [], "next_cursor": None}), "request ?limit: ", "500")
        self.wrong(exchange("/v1/profiles?size=5", 200, {"data": [], "next_cursor": None}), "?size: the parameter is not")

    def test_what_a_platform_answered_through_the_proxy_is_its_own(self):
        target = f"/v1/accounts/acc_{ID}/proxy/2/users/me"
        self.right(exchange(target, 404, {"title": "Not Found"}, headers={"Via": "1.1 connectd", "Content-Type": PROBLEM}))
        self.wrong(exchange(target, 404, {"title": "Not Found"}), "GET /v1/accounts/{id}/proxy/{path} -> 404: ")


class Runner(unittest.TestCase):
    def run_with(self, seen: dict, code: int = 0) -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory(prefix="connectd.") as folder:
            program = pathlib.Path(folder) / "program.py"
            line = json.dumps(json.dumps(seen))
            program.write_text(
                f"import os\nopen(os.environ['CONNECTD_EXCHANGES'], 'a').write({line} + '\\n')\nraise SystemExit({code})\n",
                encoding="utf-8",
            )
            command = [sys.executable, run_checked.__file__, str(DOCUMENT), sys.executable, str(program)]
            return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_a_wrong_answer_fails_a_program_that_is_content_with_it(self):
        done = self.run_with(exchange("/v1/profiles", 200, {"data": [], "next_cursor": None, "count": 0}))
        self.assertEqual(done.returncode, 1)
        self.assertIn("not as documented in openapi.yaml: GET /v1/profiles -> 200: ", done.stdout)

    def test_a_right_one_leaves_the_program_its_own_exit_code(self):
        right = exchange("/v1/profiles", 200, {"data": [], "next_cursor": None})
        self.assertEqual(self.run_with(right).returncode, 0)
        self.assertEqual(self.run_with(right, 201).returncode, 201)


class Examples(unittest.TestCase):
    def test_every_example_is_one(self):
        seen = 0
        for name, schema in CONTRACT.document["components"]["schemas"].items():
            for example in schema.get("examples", []):
                seen += 1
                self.assertEqual(CONTRACT.check(schema, example), [], name)
        self.assertGreater(seen, 10)
        for name, response in CONTRACT.document["components"]["responses"].items():
            for content in response.get("content", {}).values():
                if "example" in content:
                    self.assertEqual(CONTRACT.check(content["schema"], content["example"]), [], name)


if __name__ == "__main__":
    unittest.main()
