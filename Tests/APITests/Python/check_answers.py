"""Says whether answers are what an OpenAPI document says of them.

    python check_answers.py OPENAPI < ANSWERS

ANSWERS is a JSON list of {"method", "route", "status", "type", "fields", "body"}; a body is text, or null for none.
Exit status 1 when the document is not valid OpenAPI 3.1, or an answer is not documented, or is not as documented.
"""

import json
import sys

import jsonschema
import openapi_spec_validator
import referencing
from referencing.jsonschema import DRAFT202012


class Document:
    def __init__(self, document: dict):
        self.document = document
        resource = referencing.Resource.from_contents(document, default_specification=DRAFT202012)
        self.registry = referencing.Registry().with_resource("urn:openapi", resource)

    def resolve(self, value: dict) -> dict:
        while "$ref" in value:
            place = self.document
            for part in value["$ref"][2:].split("/"):
                place = place[part]
            value = place
        return value

    def faults(self, pointer: str, instance) -> list[str]:
        schema = {"$ref": "urn:openapi#" + pointer}
        validator = jsonschema.Draft202012Validator(schema, registry=self.registry)
        return [f"{e.json_path}: {e.message}"[:500] for e in validator.iter_errors(instance)]


def pointer(*parts: str) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def answer_faults(document: Document, answer: dict) -> list[str]:
    route, method, status = answer["route"], answer["method"].lower(), str(answer["status"])
    operation = document.document["paths"].get(route, {}).get(method)
    if operation is None:
        return ["the operation is not documented"]
    if status not in operation["responses"]:
        return [f"the status {status} is not documented"]
    written = operation["responses"][status]
    base = written["$ref"][1:] if "$ref" in written else pointer("paths", route, method, "responses", status)
    response = document.resolve(written)
    found = field_faults(document, response, answer)
    if answer["body"] is None:
        return found + (["a body is missing"] if response.get("content") else [])
    media = answer["type"].split(";")[0]
    if media not in response.get("content", {}):
        return found + [f"the type {media} is not documented"]
    is_json = media.endswith("json") and status != "206"  # a part of a document is none
    schema = base + pointer("content", media, "schema")
    if media == "text/event-stream":
        # The schema is that of one event, its fields by name.
        return found + [fault for event in events(answer["body"]) for fault in document.faults(schema, event)]
    body = json.loads(answer["body"]) if is_json else answer["body"]
    return found + document.faults(schema, body)


def events(stream: str) -> list[dict]:
    """The events of a stream as we write them: one line a field, an empty line behind each event."""
    return [dict(line.split(": ", 1) for line in event.split("\n")) for event in stream.split("\n\n") if event]


def field_faults(document: Document, response: dict, answer: dict) -> list[str]:
    found = []
    fields = {name.lower(): value for name, value in answer["fields"].items()}
    for name, field in response.get("headers", {}).items():
        field = document.resolve(field)
        value = fields.get(name.lower())
        if value is None:
            found += [f"the field {name} is missing"] if field.get("required") else []
            continue
        schema = document.resolve(field["schema"])
        instance = int(value) if schema.get("type") == "integer" else value
        validator = jsonschema.Draft202012Validator(schema, registry=document.registry)
        found += [f"field {name}: {e.message}" for e in validator.iter_errors(instance)]
    return found


def example_faults(document: Document) -> list[str]:
    """Examples are true: each is valid by its schema."""
    found = []
    for name, schema in document.document["components"]["schemas"].items():
        for example in schema.get("examples", []):
            found += [f"example of {name}: {f}" for f in document.faults(pointer("components", "schemas", name), example)]
    return found


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        contents = json.load(file)
    openapi_spec_validator.validate(contents)
    document = Document(contents)
    found = example_faults(document)
    answers = json.load(sys.stdin)
    for answer in answers:
        found += [f"{answer['method']} {answer['route']} {answer['status']}: {f}" for f in answer_faults(document, answer)]
    for fault in found:
        print(fault)
    print(f"{len(answers)} answers looked at")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
