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
from contract import PROBLEM, Contract, check_delivery, check_exchange

DOCUMENT = pathlib.Path(sys.argv.pop(1))
CONTRACT = Contract(DOCUMENT)
TIME = "2026-09-01T07:00:00.000Z"
ID = "01M818YZ1QFBQA3XZTV4ZD2ZRY"
DELIVERY = {
    "event_id": f"evt_{ID}",
    "event_type": "account.connected",
    "status": "delivered",
    "attempts": 1,
    "last_http_status": 200,
    "last_error": None,
    "last_attempt_at": TIME,
    "next_attempt_at": None,
    "created_at": TIME,
}
DELIVERIES = f"/v1/webhooks/whk_{ID}/deliveries"
TEST = f"/v1/webhooks/whk_{ID}/test"  # answers 202 with one delivery
REDELIVER = f"/v1/webhooks/whk_{ID}/redeliver"


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
        self.right(exchange(TEST, 202, DELIVERY, "POST"))
        self.right(exchange(f"{DELIVERIES}?limit=5&status=failed", 200, {"data": [DELIVERY], "next_cursor": None}))
        self.right(exchange(DELIVERIES, 404, problem(404, "webhook_not_found", request_id="r")))
        self.right(exchange(REDELIVER, 413, problem(413, "body_too_large"), "POST"))

    def test_a_member_that_nobody_documented_is_named_with_its_place_and_value(self):
        list_of_one = {"data": [{"shoe_size": 44, **DELIVERY}], "next_cursor": None}
        self.wrong(exchange(DELIVERIES, 200, list_of_one), "GET /v1/webhooks/{id}/deliveries -> 200: /data/0: ", "shoe_size", "44")
        self.wrong(exchange(DELIVERIES, 404, problem(404, "webhook_not_found", hint="x")), "hint")

    def test_a_member_that_is_missing_or_of_another_type(self):
        short = {name: value for name, value in DELIVERY.items() if name != "attempts"}
        self.wrong(exchange(TEST, 202, short, "POST"), "POST /v1/webhooks/{id}/test -> 202: ", "'attempts' is a required")
        self.wrong(exchange(TEST, 202, {**DELIVERY, "created_at": "today"}, "POST"), "/created_at: ", "today")

    def test_a_code_status_or_media_type_that_the_operation_does_not_have(self):
        self.wrong(exchange(TEST, 404, problem(404, "slug_taken"), "POST"), "/code: ", "slug_taken")
        self.wrong(exchange(TEST, 418, problem(418, "teapot"), "POST"), "-> 418: /code: ", "teapot")
        self.wrong(exchange(TEST, 404, problem(410, "webhook_not_found"), "POST"), "/status: says 410")
        self.wrong(exchange("/healthz", 200, {}, headers={"Content-Type": "text/html"}), "a body of text/html")
        self.wrong(exchange("/v1/cakes", 200, {}), "the document has no such operation")

    def test_a_request_that_was_accepted_though_the_document_forbids_it(self):
        body = json.dumps({"since": TIME, "until": TIME})
        self.wrong(exchange(REDELIVER, 202, {"queued": 1}, "POST", request_body=body), "request ", "until")
        self.wrong(exchange(f"{DELIVERIES}?limit=500", 200, {"data": [], "next_cursor": None}), "request ?limit: ", "500")
        self.wrong(exchange(f"{DELIVERIES}?size=5", 200, {"data": [], "next_cursor": None}), "?size: the parameter is not")

    def test_what_a_platform_answered_through_the_proxy_is_its_own(self):
        target = f"/v1/accounts/acc_{ID}/proxy/2/users/me"
        self.right(exchange(target, 404, {"title": "Not Found"}, headers={"Via": "1.1 connectd", "Content-Type": PROBLEM}))
        self.wrong(exchange(target, 404, {"title": "Not Found"}), "GET /v1/accounts/{id}/proxy/{path} -> 404: ")


class Webhooks(unittest.TestCase):
    HEADERS = {"webhook-id": f"evt_{ID}", "webhook-timestamp": "1790000000", "webhook-signature": "v1,c2lnbmVk"}

    def check(self, changed: dict, headers: dict | None = None) -> str:
        body = {"type": "webhook.test", "timestamp": TIME, "data": {"webhook_id": f"whk_{ID}"}, **changed}
        return "\n".join(check_delivery(CONTRACT, {"webhook_headers": headers or self.HEADERS, "body": json.dumps(body)}))

    def test_what_is_documented_passes(self):
        self.assertEqual(self.check({}), "")

    def test_what_is_not_is_named_with_its_type(self):
        self.assertIn("webhook webhook.test: /data: ", self.check({"data": {"webhook_id": f"whk_{ID}", "shoe_size": 44}}))
        self.assertIn("shoe_size", self.check({"shoe_size": 44}))
        self.assertIn("webhook account.connected: /data: ", self.check({"type": "account.connected"}))
        self.assertIn("webhook shoe.bought: the document has no such webhook", self.check({"type": "shoe.bought"}))
        self.assertIn("webhook-signature is missing", self.check({}, {"webhook-id": f"evt_{ID}", "webhook-timestamp": "1"}))
        self.assertIn("webhook-id: ", self.check({}, {**self.HEADERS, "webhook-id": "1"}))


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
        done = self.run_with(exchange(DELIVERIES, 200, {"data": [], "next_cursor": None, "count": 0}))
        self.assertEqual(done.returncode, 1)
        self.assertIn("not as documented in openapi.yaml: GET /v1/webhooks/{id}/deliveries -> 200: ", done.stdout)

    def test_a_webhook_that_is_not_as_documented_fails_it_too(self):
        done = self.run_with({"webhook_headers": Webhooks.HEADERS, "body": "{}"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("not as documented in openapi.yaml: webhook None: the document has no such webhook", done.stdout)

    def test_a_right_one_leaves_the_program_its_own_exit_code(self):
        right = exchange(DELIVERIES, 200, {"data": [], "next_cursor": None})
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
