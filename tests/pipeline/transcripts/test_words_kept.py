"""No word that somebody says is dropped, whatever the format; every text here is synthetic."""

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.transcripts.reader import read_transcript
from tests.pipeline.transcripts.samples import word, workbook, write

SPEAKERS = ("Interviewer", "Moeder", "R1", "SPEAKER_01")
MARKS = (
    "(..)",
    "[inaudible]",
    "(lacht)",
    "//S02: ja //",
    "één",
    "–",
    "ze:",
    "Toen:",
    "10:30",
    "...",
    "N.B.",
    "a&b",
    "x<y",
    "“zo”",
    "[00:12]",
    "1)",
    "Karel:",
    "-->x",
    "#",
    "**nee**",
    '"ja"',
    ",",
    ";",
)
letters = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)
spoken = st.lists(st.one_of(letters, st.sampled_from(MARKS)), min_size=1, max_size=8).map(" ".join)
# A first word that is a plain one: a turn that begins with a label or a time says who speaks.
said = st.tuples(st.sampled_from(("ja", "nee", "goed", "well")), spoken).map(" ".join)
turns = st.lists(st.tuples(st.sampled_from(SPEAKERS), said), min_size=2, max_size=8).filter(
    lambda found: len({speaker for speaker, _ in found}) > 1
)


def clock(n):
    return f"00:{n:02d}:00"


def lines(form):
    def write_lines(found):
        return "".join(
            form.format(name=name, text=text, start=clock(n), end=clock(n + 1), n=n + 1)
            for n, (name, text) in enumerate(found)
        )

    return write_lines


def as_csv(mark):
    def write_csv(found):
        stream = io.StringIO()
        csv.writer(stream, delimiter=mark).writerows([("speaker", "text"), *found])
        return stream.getvalue()

    return write_csv


def as_json(found):
    return json.dumps({"segments": [
        {"start": n, "end": n + 1, "text": f" {text}", "speaker": name}
        for n, (name, text) in enumerate(found)]})  # fmt: skip


def escape(found):
    return [(name, text.replace("&", "&amp;").replace("<", "&lt;")) for name, text in found]


def vtt(form):
    return lambda found: "WEBVTT\n\n" + lines(form)(escape(found))


FORMATS = {
    "colon.txt": lines("{name}: {text}\n"),
    "own line.txt": lines("{name}:\n{text}\n\n"),
    "brackets.txt": lines("[{name}]: {text}\n"),
    "bold.txt": lines("**{name}:** {text}\n"),
    "before.txt": lines("[{start}] {name}: {text}\n"),
    "after.txt": lines("{name} ({start}):\n{text}\n\n"),
    "otter.txt": lines("{name}  {start}\n{text}\n\n"),
    "noscribe.txt": lines("{name}: [{start}] {text}\n\n"),
    "zoom.txt": lines("{start}\t{name}\t{text}\n"),
    "utf16.txt": lambda found: lines("{name}: {text}\r\n")(found).encode("utf-16"),
    "labels.docx": lambda found: word(*(f"{name}: {text}" for name, text in found)),
    "table.docx": lambda found: word(tables=[[list(turn) for turn in found]]),
    "teams.docx": lambda found: word(*(f"{n}   0:0{i}\n{t}" for i, (n, t) in enumerate(found))),
    "zoom.vtt": vtt("{n}\n{start}.000 --> {end}.000\n{name}: {text}\n\n"),
    "teams.vtt": vtt("{start}.000 --> {end}.000\n<v {name}>{text}</v>\n\n"),
    "whisperx.srt": lambda found: lines("{n}\n{start},000 --> {end},000\n[{name}]: {text}\n\n")(
        escape(found)),
    "a.json": as_json,
    "a.csv": as_csv(","),
    "semicolons.csv": as_csv(";"),
    "a.tsv": as_csv("\t"),
    "a.xlsx": lambda found: workbook(("speaker", "text"), *found),
}  # fmt: skip


def join(found):
    joined = []
    for speaker, text in found:
        if joined and joined[-1][0] == speaker:
            joined[-1][1].extend(text.split())
        else:
            joined.append((speaker, text.split()))
    return joined


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=20)
@given(found=turns)
def test_every_word_stays_with_its_speaker(tmp_path_factory, name, found):
    path = write(tmp_path_factory.mktemp("talk") / name, FORMATS[name](found))

    transcript = read_transcript(path)

    read = [(turn.speaker, turn.text.split()) for turn in transcript.turns if turn.is_speech]
    assert read == [(speaker, nfc(words)) for speaker, words in join(found)]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))))
@settings(deadline=None, max_examples=100)
def test_any_text_keeps_its_words_or_is_refused(tmp_path_factory, text):
    path = write(tmp_path_factory.mktemp("any") / "a.txt", f"ja {text} nee")

    transcript = read_transcript(path)

    assert [w for turn in transcript.turns for w in turn.text.split()] == nfc(
        f"ja {text} nee".replace("\ufeff", "").split()
    )


def nfc(words):
    return unicodedata.normalize("NFC", " ".join(words)).split()
