"""Walks the XML of a Word document: every word that Word shows, and counts of what is beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

# Deleted words, and codes of fields and formats, are no text of the document.
_SKIPPED = {"del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "sectPr",
            "tblPr", "trPr", "tcPr", "sdtPr", "tblGrid", "rt"}  # fmt: skip
# The style of bold letters in an English and a Dutch Word.
_BOLD_STYLES = ("Strong", "Zwaar")
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass
class Paragraph:
    """A paragraph's text; number counts from 1 in the order of the document.

    Attributes:
        n_bold: How many characters at its start are bold, while others after them are not.
        in_box: It stands in a text box.
    """

    number: int
    text: str
    n_bold: int = 0
    in_box: bool = False


@dataclass
class Table:
    """A table's rows of cells, each of paragraphs."""

    rows: list[list[list[Paragraph]]]


Block = Paragraph | Table


@dataclass
class Walker:
    """Reads blocks in the document's order and counts what is no text of it."""

    n_paragraphs: int = 0
    n_deleted: int = 0

    def read_block(self, element: etree._Element) -> Iterator[Block]:
        """Read a child of the body: a paragraph, a table, or what holds such."""
        name = local_name(element)
        if name == "p":
            yield from self._read_paragraph(element)
        elif name == "tbl":
            yield Table([[self._read_cell(c) for c in _cells(row)] for row in _rows(element)])
        elif name in ("del", "moveFrom"):
            self.n_deleted += 1
        elif name not in _SKIPPED:
            for child in element:
                yield from self.read_block(child)

    def _read_cell(self, cell: etree._Element) -> list[Paragraph]:
        paragraphs: list[Paragraph] = []
        for child in cell:
            for block in self.read_block(child):
                paragraphs += [block] if isinstance(block, Paragraph) else _flatten(block)
        return paragraphs

    def _read_paragraph(self, element: etree._Element) -> Iterator[Paragraph]:
        self.n_paragraphs += 1
        number = self.n_paragraphs
        runs: list[tuple[str, bool]] = []
        boxes: list[etree._Element] = []
        self._collect(element, False, runs, boxes)
        yield Paragraph(number, "".join(text for text, _ in runs), _count_bold(runs))
        for box in boxes:
            for child in box:
                for block in self.read_block(child):
                    for held in [block] if isinstance(block, Paragraph) else _flatten(block):
                        yield Paragraph(number, held.text, held.n_bold, in_box=True)
        # Paragraphs within boxes take no number: Word's reader counts those of the page.
        self.n_paragraphs = number

    def _collect(
        self,
        element: etree._Element,
        is_bold: bool,
        runs: list[tuple[str, bool]],
        boxes: list[etree._Element],
    ) -> None:
        for child in element:
            name = local_name(child)
            if name in ("del", "moveFrom"):
                self.n_deleted += 1
            elif name == "txbxContent":
                boxes.append(child)
            elif name == "AlternateContent":
                # The same content twice, for old and new programs.
                chosen = _with_text(child)
                if chosen is not None:
                    self._collect(chosen, is_bold, runs, boxes)
            elif name == "t":
                runs.append((child.text or "", is_bold))
            elif name == "sym":
                runs.append((_symbol(child), is_bold))
            elif name in _MARKS:
                runs.append((_MARKS[name], is_bold))
            elif name not in _SKIPPED:
                self._collect(child, _is_bold(child) if name == "r" else is_bold, runs, boxes)


def local_name(element: etree._Element) -> str:
    """Name an element without its namespace: strict and transitional files differ in it."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """Read an attribute by its name without its namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def _flatten(table: Table) -> list[Paragraph]:
    return [paragraph for row in table.rows for cell in row for paragraph in cell]


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        name = local_name(child)
        if name == "tr" and not _is_deleted_row(child):
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _rows(child)


def _is_deleted_row(row: etree._Element) -> bool:
    return any(
        local_name(mark) == "del"
        for properties in row
        if local_name(properties) == "trPr"
        for mark in properties
    )


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        name = local_name(child)
        if name == "tc":
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _cells(child)


def _with_text(alternate: etree._Element) -> etree._Element | None:
    children = [child for child in alternate if local_name(child) in ("Choice", "Fallback")]
    held = (child for child in children if any(local_name(part) == "t" for part in child.iter()))
    return next(held, None)


def _symbol(element: etree._Element) -> str:
    code = attribute(element, "char") or ""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _is_bold(run: etree._Element) -> bool:
    for properties in run:
        if local_name(properties) == "rPr":
            for mark in properties:
                if local_name(mark) == "rStyle" and attribute(mark, "val") in _BOLD_STYLES:
                    return True
                if local_name(mark) == "b":
                    return attribute(mark, "val") not in ("0", "false", "off")
    return False


def _count_bold(runs: list[tuple[str, bool]]) -> int:
    n_bold = 0
    for text, is_bold in runs:
        if not is_bold and text.strip():
            return n_bold
        n_bold += len(text) if is_bold else 0
    return 0
