"""The part of YAML that a definition needs, and nothing that can surprise.

Works on PyYAML's events instead of its constructed values: no tag can name a type, no alias can multiply ten lines into a
gigabyte, and a column named `no` or `2024-01-01` stays a name. Every node keeps its line for the error message.
"""

import dataclasses

import yaml

from .fault import Fault

MOST_BYTES = 256 * 1024
MOST_DEPTH = 20


@dataclasses.dataclass(frozen=True)
class Scalar:
    text: str
    plain: bool  # written without quotes
    line: int


@dataclasses.dataclass(frozen=True)
class Sequence:
    items: tuple
    line: int


@dataclasses.dataclass(frozen=True)
class Mapping:
    entries: dict  # name -> node, in the order of the file
    lines: dict  # name -> line of the key
    line: int


def parse(content: bytes, name: str):
    """The one document in `content`, as nodes; None when it is empty."""
    if len(content) > MOST_BYTES:
        raise Fault("definition-too-large", f"{len(content)} bytes are more than {MOST_BYTES}", name, "a definition lists columns; shorten it")
    try:
        return _Reader(content.decode("utf-8-sig"), name).document()
    except UnicodeDecodeError as error:
        raise Fault("definition-not-utf8", f"byte {error.start} is not UTF-8", name, "save the file as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name} line {mark.line + 1}" if mark else name
        raise Fault("definition-not-yaml", getattr(error, "problem", None) or str(error), where, "correct the YAML") from None


class _Reader:
    def __init__(self, text: str, name: str):
        self._events = yaml.parse(text, Loader=yaml.SafeLoader)
        self._name = name

    def document(self):
        root = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._fault("definition-documents", "a second document begins", event, "keep one document")
                root = self._node(next(self._events), 1)
        return root

    def _node(self, event, depth: int):
        line = event.start_mark.line + 1
        if depth > MOST_DEPTH:
            raise self._fault("definition-too-deep", f"nesting is deeper than {MOST_DEPTH}", event, "flatten it")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self._fault("definition-alias", "anchors and aliases are not accepted", event, "write the value out")
        if event.tag is not None:
            raise self._fault("definition-tag", f"the tag {event.tag} is not accepted", event, "remove the tag")
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, event.style is None, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self._items(depth)), line)
        return self._mapping(line, depth)

    def _items(self, depth: int):
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _mapping(self, line: int, depth: int) -> Mapping:
        entries, lines = {}, {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise self._fault("definition-key", "a key must be a plain name", event, "use a name as key")
            if key.text == "<<" and key.plain:
                raise self._fault("definition-alias", "merge keys are not accepted", event, "write the values out")
            if key.text in entries:
                raise self._fault("definition-duplicate-key", f"{key.text!r} stands here again, first on line {lines[key.text]}",
                                  event, "keep one of the two")
            lines[key.text] = key.line
            entries[key.text] = self._node(next(self._events), depth + 1)
        return Mapping(entries, lines, line)

    def _fault(self, code: str, message: str, event, remedy: str) -> Fault:
        return Fault(code, message, f"{self._name} line {event.start_mark.line + 1}", remedy)
