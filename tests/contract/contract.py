"""The OpenAPI document as the tests use it: which operation a request belongs to, and what its request and answer must look like."""

import functools
import json
import pathlib
import re
import urllib.parse

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = "application/problem+json"
VALUE = " (value: "  # before it stands what is wrong, behind it what with


def inline(node: object, root: dict, known: dict) -> object:
    """The node with every $ref replaced by what it names, beside its siblings. The document has no cycles."""
    if isinstance(node, list):
        return [inline(each, root, known) for each in node]
    if not isinstance(node, dict):
        return node
    rest = {name: inline(value, root, known) for name, value in node.items() if name != "$ref"}
    target = node.get("$ref")
    if target is None:
        return rest
    if target not in known:
        found = functools.reduce(lambda at, name: at[name], target.removeprefix("#/").split("/"), root)
        known[target] = inline(found, root, known)
    return {"allOf": [known[target]], **rest} if rest else known[target]


class Contract:
    def __init__(self, path: pathlib.Path) -> None:
        raw = json.loads(path.read_text(encoding="utf-8"))
        self.document = inline(raw, raw, {})
        self.patterns = [
            (re.compile(self.expression(path, item)), path, item) for path, item in self.document["paths"].items()
        ]
        self.validators: dict[int, Draft202012Validator] = {}

    @staticmethod
    def expression(path: str, item: dict) -> str:
        """A path of the document as a regular expression; literal segments win by the order in find()."""
        many = {each["name"] for each in item.get("parameters", []) if "x-multi-segment" in each}
        parts = re.split(r"\{(\w+)\}", path)
        return "".join(
            re.escape(part) if place % 2 == 0 else f"(?P<{part}>{'.*' if part in many else '[^/]+'})"
            for place, part in enumerate(parts)
        )

    def find(self, path: str) -> tuple[str, dict] | None:
        fits = [(name, item) for expression, name, item in self.patterns if expression.fullmatch(path)]
        return min(fits, key=lambda each: (each[0].count("{"), each[0]), default=None)

    def check(self, schema: object, value: object) -> list[str]:
        validator = self.validators.setdefault(id(schema), Draft202012Validator(schema))
        return [describe(error) for error in validator.iter_errors(value)]


def describe(error: object) -> str:
    """The place, the value and what is wrong, of the deepest cause."""
    cause = best_match([error])
    place = "".join(f"/{part}" for part in cause.absolute_path) or "the whole body"
    return f"{place}: {shorten(cause.message, 300)}{VALUE}{shorten(json.dumps(cause.instance), 200)})"


def shorten(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "..."


def media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def read_json(text: str) -> tuple[object, list[str]]:
    try:
        return json.loads(text), []
    except ValueError as error:
        return None, [f"the body is not JSON: {error}"]


def response_for(operation: dict, status: int) -> dict | None:
    responses = operation["responses"]
    return responses.get(str(status)) or responses.get(f"{status // 100}XX") or responses.get("default")


def check_answer(contract: Contract, operation: dict, seen: dict) -> list[str]:
    status = seen["status"]
    kind = media_type(seen["headers"].get("content-type", ""))
    response = response_for(operation, status)
    if response is None:
        return [f"the status {status} is not documented"]
    content = response.get("content", {})
    if not content:
        return [f"a body of {kind} where none is documented"] if seen["body"] else []
    found = content.get(kind) or content.get("*/*")
    if found is None and seen["through_platform"]:
        return []  # passed on as the platform said it
    if found is None:
        return [f"a body of {kind or 'no media type'}; documented are {', '.join(content)}"]
    if "json" not in kind or seen["through_platform"]:
        return []
    value, wrong = read_json(seen["body"])
    if wrong:
        return wrong
    wrong = contract.check(found.get("schema", {}), value)
    if kind == PROBLEM and not wrong and value["status"] != status:
        wrong.append(f"/status: says {value['status']}")
    return wrong


def parameters_of(item: dict, operation: dict, place: str) -> dict[str, dict]:
    both = item.get("parameters", []) + operation.get("parameters", [])
    return {each["name"]: each for each in both if each["in"] == place}


def read_parameter(text: str, schema: dict) -> object:
    kinds = [each.get("type") for each in (schema, *schema.get("allOf", []))]
    if "boolean" in kinds and text in ("true", "false"):
        return text == "true"
    return int(text) if "integer" in kinds and re.fullmatch(r"-?\d+", text) else text


def check_request(contract: Contract, item: dict, operation: dict, seen: dict) -> list[str]:
    """Of a request that was accepted: it must be one that the document allows."""
    wrong = []
    known = parameters_of(item, operation, "query")
    query = urllib.parse.urlsplit(seen["target"]).query
    for name, text in urllib.parse.parse_qsl(query, keep_blank_values=True):
        if name not in known:
            wrong.append(f"?{name}: the parameter is not documented")
        else:
            schema = known[name]["schema"]
            wrong += [f"?{name}: {each}" for each in contract.check(schema, read_parameter(text, schema))]
    if seen["through_platform"] or not seen["request_body"]:
        return [] if seen["through_platform"] else wrong
    content = operation.get("requestBody", {}).get("content", {})
    kind = media_type(seen["request_type"]) or "application/json"
    if content and kind not in content:
        wrong.append(f"a body of {kind}; documented are {', '.join(content)}")
    elif "json" in kind and kind in content:
        value, broken = read_json(seen["request_body"])
        wrong += broken or contract.check(content[kind]["schema"], value)
    return wrong


def check_delivery(contract: Contract, seen: dict) -> list[str]:
    """What is wrong with what a webhook endpoint was sent; each begins with the type of the event."""
    value, broken = read_json(seen["body"])
    name = value.get("type") if isinstance(value, dict) else None
    operation = contract.document["webhooks"].get(name, {}).get("post")
    if operation is None:
        return [f"webhook {name}: {each}" for each in broken or ["the document has no such webhook"]]
    wrong = contract.check(operation["requestBody"]["content"]["application/json"]["schema"], value)
    for header, known in parameters_of({}, operation, "header").items():
        if header in seen["webhook_headers"]:
            wrong += [f"{header}: {each}" for each in contract.check(known["schema"], seen["webhook_headers"][header])]
        elif known.get("required"):
            wrong.append(f"{header} is missing")
    return [f"webhook {name}: {each}" for each in wrong]


def check_exchange(contract: Contract, seen: dict) -> list[str]:
    """What is wrong with a request and its answer, as the document has it; each begins with the route."""
    path = urllib.parse.urlsplit(seen["target"]).path
    found = contract.find(path)
    name, item = found or (path, {})
    method = "get" if seen["method"] == "HEAD" else seen["method"].lower()
    operation = item.get(method)
    seen["headers"] = {key.lower(): value for key, value in seen["headers"].items()}
    seen["through_platform"] = "via" in seen["headers"]
    route = f"{seen['method']} {name} -> {seen['status']}"
    if operation is None:
        refused = seen["status"] in (400, 404, 405)
        return [] if refused or "/proxy/" in path else [f"{route}: the document has no such operation"]
    if seen["method"] == "HEAD":
        return []
    wrong = check_answer(contract, operation, seen)
    if seen["status"] < 300:
        wrong += [f"request {each}" for each in check_request(contract, item, operation, seen)]
    return [f"{route}: {each}" for each in wrong]
