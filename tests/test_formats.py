"""docs/formats.md says what the readers really give back; every sample is synthetic.

Written anew by: THEMELOOP_WRITE_DOCS=1 .venv/bin/python -m pytest tests/test_formats.py --no-cov
"""

import os
from pathlib import Path

import pytest

from pipeline.transcripts.reader import SUFFIXES, read_transcript
from tests.pipeline.transcripts.samples import SAMPLES, TALK, write

DOCUMENT = Path(__file__).parents[1] / "docs/formats.md"
ABOVE, BELOW = "<!-- from the tests: above -->", "<!-- from the tests: below -->"
HEADER = (
    "| a transcript as | read as | speakers | times | pauses, overlaps, [inaudible] | heading | "
    "left out |",
    "|---|---|---|---|---|---|---|",
)


def describe(name, file, read):
    speech = [turn for turn in read.turns if turn.is_speech]
    text = " ".join(turn.text for turn in speech)
    marks = ("(..)", "//Interviewer: hm-hm//", "[onverstaanbaar]", "(lacht)", "[inaudible]")
    has_start = any(turn.start_ms is not None for turn in speech)
    has_end = any(turn.end_ms is not None for turn in speech)
    times = " and ".join(["start"] * has_start + ["end"] * has_end) or "–"
    left_out = "; ".join(n.split(": ", 1)[-1] for n in read.notes if "left out" in n) or "–"
    cells = [
        f"{name} (`{Path(file).suffix}`)",
        read.format,
        "kept" if {turn.speaker for turn in speech} == {n for n, _ in TALK} else
        ", ".join(dict.fromkeys(turn.speaker for turn in speech if turn.speaker)) or "–",
        times,
        "kept" if all(mark in text for mark in marks) else "LOST",
        "kept, not coded" if any(not turn.is_speech for turn in read.turns) else "–",
        left_out,
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def make_table(folder):
    rows = [
        describe(name, file, read_transcript(write(folder / file, content)))
        for name, file, content in SAMPLES
    ]
    return "\n".join((*HEADER, *rows))


def test_formats_document_holds_what_the_readers_give_back(tmp_path):
    table = make_table(tmp_path)
    document = DOCUMENT.read_text(encoding="utf-8")
    before, rest = document.split(ABOVE)
    _, after = rest.split(BELOW)
    expected = f"{before}{ABOVE}\n{table}\n{BELOW}{after}"
    if os.environ.get("THEMELOOP_WRITE_DOCS"):
        DOCUMENT.write_text(expected, encoding="utf-8")

    assert DOCUMENT.read_text(encoding="utf-8") == expected
    assert "LOST" not in table


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_suffix_has_a_sample_and_is_in_the_document(suffix):
    assert any(file.endswith(suffix) for _, file, _ in SAMPLES)
    assert f"`{suffix}`" in DOCUMENT.read_text(encoding="utf-8")
