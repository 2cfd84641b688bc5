"""Collects what is wrong with a codebook's text while the reader goes on reading."""

import re
from typing import NoReturn

import yaml

from codebook.errors import CodebookError

MAX_SHOWN_CHARS = 60

_LINE_END = re.compile(r"\r\n?|\n")


class Complaints:
    """Gather every offender of one text, to be raised together and in the order of lines."""

    def __init__(self, source: str, text: str) -> None:
        self._source = source
        self._text = text
        self._found: list[tuple[int, str]] = []

    def add(self, node: yaml.Node, message: str) -> None:
        """Complain about what stands at a YAML node."""
        self.add_at(node.start_mark.index, message)

    def add_at(self, char: int, message: str) -> None:
        """Complain about what stands at a character of the text."""
        complaint = (self.line_at(char), message)
        if complaint not in self._found:
            self._found.append(complaint)

    def line_of(self, node: yaml.Node) -> int:
        """Give the line, from 1, on which a YAML node begins."""
        return self.line_at(node.start_mark.index)

    def line_at(self, char: int) -> int:
        """Give the line, from 1, of a character.

        Editors do not break lines at U+0085 or U+2028, YAML does, so its own lines cannot be used.
        """
        return 1 + len(_LINE_END.findall(self._text[:char]))

    def refuse_at(self, char: int, message: str) -> NoReturn:
        """Complain of what makes reading on pointless, and raise."""
        self.add_at(char, message)
        raise self._error()

    def raise_any(self) -> None:
        """Raise all complaints so far, if there are any.

        Raises:
            CodebookError: There was at least one complaint.
        """
        if self._found:
            raise self._error()

    def _error(self) -> CodebookError:
        found = sorted(self._found, key=lambda complaint: complaint[0])
        return CodebookError(f"{self._source}:{line}: {message}" for line, message in found)


def shown(value: str) -> str:
    """Quote a value for a message: on one line, and not longer than a reader needs."""
    return repr(value if len(value) <= MAX_SHOWN_CHARS else value[: MAX_SHOWN_CHARS - 1] + "…")
