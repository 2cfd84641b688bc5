"""A coded study; all words here are synthetic."""

import shutil
from itertools import count

import pytest

from codebook.reader import parse_codebook
from study.coded_file import take_in
from study.folder import create_study
from study.records import CodedInterview, GivenCoding, GivenExcerpt
from study.settings import Settings
from tests.fakes import NOW, encoder, now  # noqa: F401 - fixtures
from tests.pipeline.learning.taught import (  # noqa: F401 - fixtures
    copy_of,
    one_thread,
    originals,
    trained,
    untrained,
)

CODEBOOK = """
name: Synthetic codebook
codes:
  - key: trust
    name: Trust
    definition: relying on the worker
    examples: [I could count on her]
    texts: {nl: {name: Vertrouwen, definition: rekenen op de hulpverlener}}
  - key: change
    name: Change
    definition: things became different at home
    texts: {nl: {name: Verandering, definition: thuis werd het anders}}
"""


@pytest.fixture
def book():
    return parse_codebook(CODEBOOK)


def make_interview(label, texts, *, keys=(), coders=("anna",), language="en"):
    """Make a coded interview of alternating turns; the codes go to every coder's excerpts."""
    excerpts = tuple(
        GivenExcerpt(f"{label}_e{n}", n, ("interviewer", "participant")[n % 2], text)
        for n, text in enumerate(texts)
    )
    codings = tuple(
        GivenCoding(excerpt.label, coder, tuple(keys), line)
        for line, (excerpt, coder) in enumerate((e, c) for e in excerpts for c in coders)
    )
    return CodedInterview(label, "synthetic", language, None, excerpts, codings)


INTERVIEWS = (
    make_interview("I1", ["How is it ?", "I could count on the worker", "And home ?", "different"]),
    make_interview("I2", ["Tell me .", "things at home became different", "mm", "relying on her"]),
    make_interview("I3", ["Begin .", "she was there", "and then ?", "the dog barked at home"]),
)


@pytest.fixture
def add(study, book):
    def add_interviews(*interviews, is_segmenting=False):
        return take_in(study, interviews, book, is_segmenting=is_segmenting, now=NOW)

    return add_interviews


@pytest.fixture
def coded_study(study, add, encoder):
    add(*INTERVIEWS)
    return study


@pytest.fixture
def copy_of_coded_study(tmp_path, book, encoder):
    """Give the folder of a fresh copy of one coded study, on SQLite."""
    original = create_study(tmp_path / "original", Settings(), now=NOW)
    take_in(original, INTERVIEWS, book, is_segmenting=False, now=NOW)
    original.database.close()
    numbers = count()

    def copy():
        return shutil.copytree(original.folder, tmp_path / f"copy-{next(numbers)}")

    return copy


@pytest.fixture
def interview():
    return make_interview
