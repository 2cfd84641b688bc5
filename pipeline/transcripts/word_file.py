"""Reads transcripts in Word documents: paragraphs, tables, Teams', Google Meet's and Otter's."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from pipeline.transcripts.archive import broken, open_archive
from pipeline.transcripts.lined_text import read_lines
from pipeline.transcripts.lines import Line, count_of
from pipeline.transcripts.plain_text import name_format, name_program, no_speech, text_of
from pipeline.transcripts.records import ReadTranscript
from pipeline.transcripts.word_tables import Roles, read_table, to_lines
from pipeline.transcripts.word_xml import Block, Paragraph, Table, Walker, attribute, local_name
from study.errors import InputError

_DOCUMENT = "word/document.xml"


def read_word_file(path: Path) -> ReadTranscript:
    """Read a transcript in a .docx; nothing outside the file is looked at.

    Raises:
        InputError: It is damaged, no Word document, or holds no speech.
    """
    with open_archive(path) as archive:
        try:
            return _read(archive, path.name)
        except (etree.LxmlError, KeyError):
            raise InputError([broken(path.name)]) from None


def _read(archive: zipfile.ZipFile, name: str) -> ReadTranscript:
    if _DOCUMENT not in archive.namelist():
        raise InputError([f"{name}: it is no Word document. Save the transcript as .docx."])
    walker = Walker()
    lines, n_others = _lines(_blocks(archive, walker))
    read = read_lines(lines)
    if not any(turn.is_speech for turn in read.turns):
        raise no_speech(name)
    notes = [*read.notes, *_notes(archive, walker)]
    if n_others:
        notes.append(f"left out: {count_of(n_others, 'cell')} beside speaker, time and text")
    program = name_program(text_of(lines))
    kind = name_format(program, has_speakers=read.has_speakers)
    kind = kind.replace("Text", "Word document").replace(" text", " document")
    return ReadTranscript(f"{kind} (.docx)", read.turns, tuple(notes))


def _blocks(archive: zipfile.ZipFile, walker: Walker) -> Iterator[Block]:
    """Read the children of the body one by one, so that a long document fits the memory."""
    with archive.open(_DOCUMENT) as stream:
        events = etree.iterparse(
            stream, events=("start", "end"), resolve_entities=False, no_network=True
        )
        body, depth = None, 0
        for event, element in events:
            if body is None:
                body = element if event == "start" and local_name(element) == "body" else None
                continue
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 0 and element is not body:
                yield from walker.read_block(element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]


def _lines(blocks: Iterator[Block]) -> tuple[list[Line], int]:
    lines: list[Line] = []
    n_others = 0
    roles: Roles | None = None
    for block in blocks:
        if isinstance(block, Table):
            read = read_table(block, roles, is_first=not any(line.label for line in lines))
            lines += read.lines
            n_others += read.n_others
            roles = read.roles
        elif isinstance(block, Paragraph):
            lines += to_lines([block])
    return lines, n_others


def _notes(archive: zipfile.ZipFile, walker: Walker) -> Iterator[str]:
    n_headers = sum(_has_text(archive, name) for name in _parts(archive, "header", "footer"))
    if n_headers:
        yield f"left out: {count_of(n_headers, 'page header or footer')} with text"
    for part, element in (
        ("comments", "comment"),
        ("footnotes", "footnote"),
        ("endnotes", "endnote"),
    ):
        count = sum(_count(archive, name, element) for name in _parts(archive, part))
        if count:
            yield f"left out: {count_of(count, element)}"
    if walker.n_deleted:
        yield f"left out: {count_of(walker.n_deleted, 'tracked deletion')}; insertions are kept"


def _parts(archive: zipfile.ZipFile, *kinds: str) -> list[str]:
    return [name for name in archive.namelist() if _is_part(name, kinds)]


def _is_part(name: str, kinds: tuple[str, ...]) -> bool:
    folder, _, file = name.rpartition("/")
    stem = file.removesuffix(".xml").rstrip("0123456789")
    return folder == "word" and file.endswith(".xml") and stem in kinds


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with archive.open(name) as stream:
        return etree.parse(stream, parser).getroot()


def _has_text(archive: zipfile.ZipFile, name: str) -> bool:
    root = _tree(archive, name)
    return any(local_name(e) == "t" and (e.text or "").strip() for e in root.iter())


def _count(archive: zipfile.ZipFile, name: str, element: str) -> int:
    # Word keeps lines that part footnotes as footnotes with a type.
    return sum(
        local_name(e) == element and attribute(e, "type") in (None, "normal")
        for e in _tree(archive, name).iter()
    )
