"""Facts about finding coded excerpts in a transcript without names; every word is synthetic."""

import pytest

from pipeline.intake.place_excerpts import align, place_excerpts
from study.errors import InputError
from study.records import CodedInterview, GivenExcerpt, Span, Transcript

TEXT = (
    "Synthetic: how was it with her?\n"
    "[WORKER_1] was kind. She listened to me, and then [CHILD_1] laughed.\n"
    "And after that?\n"
    "After that it was like before, I told nobody in [TOWN_1]!"
)


def words(span):
    return TEXT[span.start_char : span.end_char]


def test_excerpts_are_found_with_the_pseudonyms_that_stand_for_their_names():
    spans = align(
        TEXT,
        [
            "Synthetica Jansen was kind.",
            "She listened to me, and then Daan laughed.",
            "After that it was like before, I told nobody in Synthetwold!",
        ],
    )

    assert [words(span) for span in spans] == [
        "[WORKER_1] was kind.",
        "She listened to me, and then [CHILD_1] laughed.",
        "After that it was like before, I told nobody in [TOWN_1]!",
    ]


def test_piece_of_another_interview_is_not_found():
    assert align(TEXT, ["The weather was fine all week long."]) == [None]


def test_line_break_and_other_quotes_do_not_matter():
    (span,) = align(TEXT, ["She listened\nto me , and then Daan laughed"])

    assert words(span) == "She listened to me, and then [CHILD_1] laughed"


def test_excerpts_that_are_not_found_are_listed_by_id():
    transcript = Transcript(1, 1, "I01", "en", "", None, text=TEXT)
    excerpts = (
        GivenExcerpt("e1", 0, "participant", "She listened to me"),
        GivenExcerpt("e2", 1, "participant", "secret words of somebody else entirely"),
    )
    interview = CodedInterview("I01", "synthetic", "en", None, excerpts, ())

    with pytest.raises(InputError, match="excerpt 'e2' is not found in interview 'I01'") as told:
        place_excerpts(transcript, interview)

    assert "secret" not in str(told.value)
    assert align(TEXT, ["She listened to me"]) == [Span(53, 71)]
