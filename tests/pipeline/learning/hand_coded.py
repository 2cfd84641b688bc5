"""Makes coded interviews without a database; every word here is synthetic."""

import numpy as np

from pipeline.learning.coded import Coded
from study.standing_work import StandingWork
from tests.pipeline.evaluation.hand_made import ids_of, interview, span_of

COLUMNS = {1: 0, 2: 1, 3: 2}


def standing(coder, place, *, given="", rejected="", left_off="", is_done=True):
    """Say where a coder stands with an excerpt."""
    return StandingWork(
        coder=coder,
        excerpt_id=place + 1,
        span=span_of(place),
        given=ids_of(given),
        rejected=ids_of(rejected),
        left_off=ids_of(left_off) | ids_of(rejected),
        is_done=is_done,
    )


def coded(work=(), stands=(), shown=None, *, n_excerpts=4):
    """Make one interview.

    Args:
        stands: Where coders stand who did not only finish what they were given.
        shown: By place, the keys that model version 1 proposes; all excerpts are in the study.
    """
    finished = {
        (each.coder, each.excerpt_id): StandingWork(
            each.coder, each.excerpt_id, each.span, each.given, frozenset(), frozenset(), True
        )
        for each in work
    }
    proposed = {place: ids_of((shown or {}).get(place, "")) for place in range(n_excerpts)}
    return Coded(
        interview=interview("I1", list(work), n_excerpts=n_excerpts),
        vectors=np.ones((n_excerpts, 1), dtype=np.float32),
        turns=(),
        standing=finished | {(each.coder, each.excerpt_id): each for each in stands},
        shown={(1, place + 1): codes for place, codes in proposed.items()},
    )
