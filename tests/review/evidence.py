"""Coded excerpts, and suggestions that rest on them; every word is synthetic."""

from study.codebooks import current_codebook
from study.codings import PlacedCoding, store_codings
from study.records import GivenCoding
from study.transcripts import list_transcripts, read_excerpts
from tests.review.conftest import NOW, TRUST

# What else evidence may name: a text of the codebook.
PART = {"kind": "example", "index": 0, "similarity": 0.3}


def rest_on(*excerpt_ids, words=(), part=PART, **more):
    """Make the evidence of a suggestion that rests on coded excerpts."""
    near = [
        {"excerpt": each, "similarity": 0.5, "is_same_participant": False} for each in excerpt_ids
    ]
    spans = [list(span) for span in words]
    return {"kind": "nearest", "nearest": near, "words": spans, "part": part, **more}


def give_trust(study, *excerpt_ids, coder="ben"):
    """Let another coder give a code to excerpts, away from the page."""
    with study.database.write() as connection:
        placed = [
            PlacedCoding(
                GivenCoding(excerpt.label, coder, ("trust",), 2),
                excerpt,
                transcript.interview,
                transcript.id,
            )
            for transcript in list_transcripts(connection)
            for excerpt in read_excerpts(connection, transcript)
            if excerpt.id in excerpt_ids
        ]
        code_ids = {"trust": current_codebook(connection).code_ids[TRUST]}
        store_codings(connection, placed, code_ids=code_ids, now=NOW)
