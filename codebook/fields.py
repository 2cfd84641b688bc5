"""Takes typed fields out of a YAML mapping and complains of those that are not what they should."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import yaml

from codebook.complaints import Complaints, shown
from codebook.nodes import NULL_TAG


@dataclass(frozen=True)
class Fields:
    """Hold the fields of one mapping, the title that messages call it by, and where to complain."""

    title: str
    node: yaml.MappingNode
    values: Mapping[str, yaml.Node]
    complaints: Complaints

    def place(self, field: str) -> yaml.Node:
        """Give the node of a field, or of the whole mapping where the field is missing."""
        return self.values.get(field, self.node)

    def complain(self, field: str, message: str) -> None:
        """Complain at the line of a field."""
        self.complaints.add(self.place(field), f"{self.title}{message}")

    def text(self, field: str) -> str:
        """Take a field that is one text; "" where it is missing or not a text."""
        node = self.values.get(field)
        if node is None or isinstance(node, yaml.ScalarNode):
            return text_of(node)
        self.complain(
            field,
            f": '{field}' is {_kind_of(node)}. Expected one text; "
            "put quotes around it if it holds brackets or a colon.",
        )
        return ""

    def required_text(self, field: str) -> str:
        """Take a field that must be there and not be empty."""
        node = self.values.get(field)
        if node is None or (isinstance(node, yaml.ScalarNode) and not text_of(node)):
            self.complain(field, f" has no '{field}'. Add '{field}:' with a text.")
        return self.text(field)

    def texts(self, field: str) -> tuple[str, ...]:
        """Take a field that is a list of texts, or one text."""
        return tuple(text_of(node) for node in self.text_nodes(field))

    def text_nodes(self, field: str) -> list[yaml.ScalarNode]:
        """Take the nodes of a list of texts, empty ones left out."""
        found = []
        for node in self.nodes(field):
            if not isinstance(node, yaml.ScalarNode):
                self.complaints.add(
                    node,
                    f"{self.title}: '{field}' holds {_kind_of(node)}. Expected texts; "
                    "put quotes around a text that holds a colon.",
                )
            elif text_of(node):
                found.append(node)
        return found

    def nodes(self, field: str) -> list[yaml.Node]:
        """Take the nodes of a list; one text counts as a list of one."""
        node = self.values.get(field)
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if isinstance(node, yaml.ScalarNode):
            return [node] if text_of(node) else []
        if node is not None:
            self.complain(field, f": '{field}' is a set of fields. Expected a list.")
        return []


def text_of(node: yaml.ScalarNode | None) -> str:
    """Take a scalar as its text, so that `name: yes` stays 'yes'; null is no text."""
    return "" if node is None or node.tag == NULL_TAG else str(node.value).strip()


def read_fields(
    node: yaml.Node, *, title: str, known: Collection[str], complaints: Complaints
) -> Fields | None:
    """Read the fields of a node, or complain that it is no mapping."""
    if isinstance(node, yaml.MappingNode):
        return fields_of(node, title=title, known=known, complaints=complaints)
    kind = _kind_of(node)
    complaints.add(node, f"{title} is {kind}. Expected fields, each on a line as 'field: text'.")
    return None


def fields_of(
    node: yaml.MappingNode, *, title: str, known: Collection[str], complaints: Complaints
) -> Fields:
    """Read a mapping; a field that looks like a misspelt known one is complained of and used."""
    given: dict[str, yaml.Node] = {}
    for name, value in node.value:
        if isinstance(name, yaml.ScalarNode):
            given.setdefault(name.value, value)
    for name in [name for name in given if name not in known]:
        for meant in get_close_matches(name.lower(), known, n=1, cutoff=0.8):
            message = f"{title} has an unknown field {shown(name)}. Did you mean '{meant}'?"
            complaints.add(given[name], message)
            given.setdefault(meant, given[name])
    return Fields(title, node, given, complaints)


def _kind_of(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return "one text"
    return "a list" if isinstance(node, yaml.SequenceNode) else "a set of fields"
