"""Turns the text of a codebook into YAML nodes that know their line; nothing is constructed."""

import re
import unicodedata
from collections.abc import Iterator

import yaml
from yaml.composer import ComposerError
from yaml.events import AliasEvent
from yaml.reader import ReaderError

from codebook.complaints import Complaints, shown

MAX_DEPTH = 50
NULL_TAG = "tag:yaml.org,2002:null"

_INDENTING_TAB = re.compile(r"^[ ]*\t", re.MULTILINE)
_BAD_CATEGORIES = ("Cc", "Cs")


def compose_document(text: str, complaints: Complaints) -> yaml.MappingNode:
    """Compose the nodes of a document that is plain enough to be a codebook.

    Raises:
        CodebookError: It is empty, is not YAML, uses aliases, or is not made of named fields.
    """
    root = _compose(text, complaints)
    complaints.raise_any()
    if root is None:
        complaints.refuse_at(0, "The file is empty. Expected a codebook with 'name' and 'codes'.")
    if not isinstance(root, yaml.MappingNode):
        message = "This is not a codebook. Expected fields such as 'name:' and 'codes:'."
        complaints.refuse_at(root.start_mark.index, message)
    _complain_of_repeated_fields(root, complaints)
    _complain_of_control_characters(root, complaints)
    return root


class _PlainLoader(yaml.SafeLoader):
    """Compose nodes without following aliases, which can blow a small file up to gigabytes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.aliases: list[tuple[int, str]] = []
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(AliasEvent):
            # types-PyYAML leaves the parser's methods untyped.
            alias = self.get_event()  # type: ignore[no-untyped-call]
            self.aliases.append((alias.start_mark.index, alias.anchor))
            return yaml.ScalarNode(NULL_TAG, "")
        if self._depth == MAX_DEPTH:
            problem = f"lists and fields are nested more than {MAX_DEPTH} deep"
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise ComposerError(None, None, problem, event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _compose(text: str, complaints: Complaints) -> yaml.Node | None:
    loader: _PlainLoader | None = None
    try:
        loader = _PlainLoader(text)
        root = loader.get_single_node()
    except ReaderError as error:
        message = f"Character U+{error.character:04X} cannot stand in YAML. Remove it."
        complaints.refuse_at(error.position, message)
    except yaml.MarkedYAMLError as error:
        _complain_of_syntax(error, text, complaints)
        return None
    except (ValueError, OverflowError):
        # PyYAML hands an escape beyond Unicode to chr() unchecked.
        char = loader.index if loader else 0
        complaints.refuse_at(char, "An escape '\\U' names no Unicode character. Correct it.")
    for char, name in loader.aliases:
        message = f"Alias {shown('*' + name)} is not allowed. Write the text out again here."
        complaints.add_at(char, message)
    return root


def _complain_of_syntax(error: yaml.MarkedYAMLError, text: str, complaints: Complaints) -> None:
    tabs = [match.end() - 1 for match in _INDENTING_TAB.finditer(text)]
    char = error.problem_mark.index if error.problem_mark else 0
    is_tab = "\\t" in (error.problem or "")
    for tab in (tabs or [char]) if is_tab else []:
        complaints.add_at(tab, "A tab stands where YAML wants spaces. Replace it by spaces.")
    if not is_tab:
        complaints.add_at(
            char,
            f"This is not YAML: {error.problem}. Check the indentation, and put quotes around "
            "text that holds a colon or begins with a special sign.",
        )


def _complain_of_repeated_fields(root: yaml.Node, complaints: Complaints) -> None:
    for node in _walk(root):
        if isinstance(node, yaml.MappingNode):
            first: dict[str, yaml.Node] = {}
            for name in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
                if name.value in first:
                    line = complaints.line_of(first[name.value])
                    message = f"Field {shown(name.value)} is already given on line {line}."
                    complaints.add(name, f"{message} Keep one of the two.")
                first.setdefault(name.value, name)


def _complain_of_control_characters(root: yaml.Node, complaints: Complaints) -> None:
    for node in _walk(root):
        if isinstance(node, yaml.ScalarNode):
            for char in dict.fromkeys(node.value):
                if unicodedata.category(char) in _BAD_CATEGORIES and char not in "\n\r\t":
                    message = f"The text holds the control character U+{ord(char):04X}. Remove it."
                    complaints.add(node, message)


def _walk(node: yaml.Node) -> Iterator[yaml.Node]:
    yield node
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk(item)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _walk(name)
            yield from _walk(value)
