"""Facts about choosing a reader and refusing files; every text here is synthetic."""

import io
import os
import time
import zipfile
from itertools import pairwise

import pytest

from pipeline.transcripts import archive, reader, whisper_json
from pipeline.transcripts.reader import SUFFIXES, read_transcript
from study.errors import InputError
from tests.pipeline.transcripts.samples import SAMPLES, TALK, change_xml, word, workbook, write

SECRET = "synthetischgeheim"


@pytest.mark.parametrize(("name", "file", "content"), SAMPLES, ids=[s[0] for s in SAMPLES])
def test_sample_gives_its_words_in_turns_that_follow_the_contract(read, name, file, content):
    transcript = read(content, file)

    speech = [turn for turn in transcript.turns if turn.is_speech]
    words = " ".join(turn.text for turn in speech).split()
    assert words == " ".join(text for _, text in TALK).split()
    for before, after in pairwise(speech):
        assert before.speaker != after.speaker or not before.speaker
    assert all(turn.text == turn.text.strip() != "" and turn.place for turn in transcript.turns)


def test_content_decides_where_the_name_is_wrong(read):
    by_file = {file: content for _, file, content in SAMPLES}

    assert read(by_file["zoom.vtt"], "zoom.txt").format.endswith("(.vtt)")
    assert read(by_file["whisper.srt"], "whisper.txt").format.endswith("(.srt)")
    assert read(by_file["whisperx.json"], "whisperx.txt").format.endswith("(.json)")
    assert read(by_file["labels.docx"], "labels.txt").format.endswith("(.docx)")
    assert read(by_file["turns.xlsx"], "turns.csv").format.endswith("(.xlsx)")


@pytest.mark.parametrize(
    "suffix", [".pdf", ".doc", ".rtf", ".odt", ".eaf", ".mp3", ".exb", ".html", ""]
)
def test_unknown_suffix_is_refused_with_what_to_do(refuse, suffix):
    line = refuse("I: ja", f"talk{suffix}")

    assert all(known in line for known in SUFFIXES)
    assert "save it as .docx" in line


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"%PDF-1.7 x", "a PDF"), (b"{\\rtf1 x}", "RTF"), (b"\xd0\xcf\x11\xe0x", "before 2007"),
     (b"ID3xx", "sound")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["talk.txt", "talk.docx"])
def test_other_content_under_a_known_name_is_named(refuse, content, what, name):
    assert what in refuse(content, name)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_empty_file_is_refused(refuse, suffix):
    assert "the file is empty" in refuse("", f"talk{suffix}")


def test_file_of_blanks_is_refused(refuse):
    assert "the file is empty" in refuse(" \n\n\t")


@pytest.mark.parametrize("name", ["talk.txt", "talk.vtt", "talk.csv", "talk.json"])
def test_binary_content_is_refused(refuse, name):
    assert "no text file" in refuse(bytes(range(256)) * 40, name)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_text_under_an_office_name_is_refused(refuse, suffix):
    assert f"no {suffix} file" in refuse(f"I: {SECRET}", f"talk{suffix}")


def test_folder_and_missing_file_are_refused(tmp_path):
    (tmp_path / "map.txt").mkdir()

    with pytest.raises(InputError, match="this is a folder"):
        read_transcript(tmp_path / "map.txt")
    with pytest.raises(InputError, match="no such file"):
        read_transcript(tmp_path / "weg.txt")


def test_symlink_is_followed(tmp_path):
    path = write(tmp_path / "a.txt", "I: Ja?\nP: Nee.\n")
    (tmp_path / "link.txt").symlink_to(path)

    assert len(read_transcript(tmp_path / "link.txt").turns) == 2


def test_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")

    with pytest.raises(InputError, match="no such file"):
        read_transcript(tmp_path / "pipe.txt")


def test_missing_permission_is_told(tmp_path, monkeypatch):
    path = write(tmp_path / "a.txt", "I: Ja?")

    def deny(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", deny)

    with pytest.raises(InputError, match=r"a\.txt: no permission"):
        read_transcript(path)


def test_disk_error_is_told(tmp_path, monkeypatch):
    path = write(tmp_path / "a.txt", "I: Ja?")

    def fail(self):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(type(path), "read_bytes", fail)

    with pytest.raises(InputError, match="Input/output error"):
        read_transcript(path)


def test_too_big_a_file_is_refused_unread(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as stream:
        stream.truncate(reader.MOST_BYTES + 1)

    with pytest.raises(InputError, match="100 MB, expected at most 100 MB"):
        read_transcript(path)


@pytest.mark.parametrize(("error", "told"), [(ValueError, "ValueError"), (MemoryError, "memory")])
def test_failing_parser_is_told_by_kind_without_its_words(refuse, monkeypatch, error, told):
    def fail(text, name):
        raise error(SECRET)

    monkeypatch.setattr(reader, "read_plain_text", fail)

    line = refuse(f"I: {SECRET}")

    assert told in line
    assert SECRET not in line


@pytest.mark.parametrize("content", [word(f"I: {SECRET}", "P: Ja"), workbook(("text",), (SECRET,))])
@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_office_file_that_is_cut_short_or_spoilt_is_refused_in_one_line(refuse, content, suffix):
    for cut in (5, 30, len(content) // 2, len(content) - 10):
        assert SECRET not in refuse(content[:cut], f"talk{suffix}")
    spoilt = bytearray(content)
    spoilt[len(content) // 3 : len(content) // 3 + 60] = b"\xff" * 60
    refuse(bytes(spoilt), f"talk{suffix}")


def test_xml_entities_are_refused(refuse):
    bomb = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 1000 + b'">]>'

    content = change_xml(word("I: Ja"), lambda xml: xml.replace(b"<w:doc", bomb + b"<w:doc", 1))

    line = refuse(content, "talk.docx")

    assert "declares XML entities" in line


def test_archive_that_unpacks_too_far_is_refused(refuse):
    content = change_xml(word("I: Ja"), lambda xml: xml + b" " * 30_000_000)
    packed = _packed(content)

    assert "unpacks to" in refuse(packed, "talk.docx")


def test_archive_that_unpacks_to_too_much_is_refused(refuse, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)

    assert "expected at most" in refuse(word("I: Ja"), "talk.docx")


def test_locked_archive_is_refused(refuse):
    content = bytearray(word("I: Ja"))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1

    assert "locked with a password" in refuse(bytes(content), "talk.docx")


def test_archive_of_something_else_is_refused(refuse):
    content = change_xml(word("I: Ja"), lambda xml: xml).replace(
        b"word/document.xml", b"word/documenx.xml"
    )

    assert "no Word document" in refuse(content, "talk.docx")


def _packed(content):
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    return stream.getvalue()


@pytest.mark.parametrize(
    "text",
    ["I: " + "woord " * 900_000,
     "a" * 5_000_000,
     "I: " + "[" * 5_000_000,
     "<v " * 1_700_000,
     "#00:00:01" * 600_000,
     " " * 5_000_000 + "I: ja",
     "**" * 2_500_000,
     "I: ja\nP: nee\n" * 20_000],
    ids=["one turn", "one word", "brackets", "voices", "times", "blanks", "stars", "many turns"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["talk.txt", "talk.vtt"])
def test_five_megabytes_are_read_in_bounded_time(tmp_path, text, name):
    head = "WEBVTT\n\n00:01.000 --> 00:02.000\n" if name.endswith("vtt") else ""
    path = write(tmp_path / name, head + text)
    began = time.monotonic()

    read_transcript(path)

    assert time.monotonic() - began < 20


def test_deep_json_is_refused(refuse):
    assert "nested too deeply" in refuse("[" * 200_000, "talk.json")
    assert whisper_json.looks_like_segments("") is False
