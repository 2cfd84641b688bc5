"""Where a coder stands with an excerpt: what follows from the immutable rows of their decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from study.records import Span

# A code by its row, and the words it was given to; None: the excerpt as the coder bounds it.
Given: TypeAlias = tuple[int, Span | None]


@dataclass(frozen=True)
class Decision:
    """One row of a coder's history; rows of one key press share their action.

    span: The words that it is about, where they are others than the excerpt's.
    """

    id: int
    action: str
    coder_id: int
    excerpt_id: int
    verdict: str
    code_id: int | None
    suggestion_id: int | None
    undoes: str | None
    is_assisted: bool
    codebook_version_id: int = 0
    origin: str = "page"
    round_id: int | None = None
    span: Span | None = None
    memo_id: int | None = None


@dataclass(frozen=True)
class Passage:
    """Words that a coder gave a code to, by themselves; is_outside where no excerpt holds them."""

    code_id: int
    span: Span
    is_outside: bool = False


@dataclass(frozen=True)
class ExcerptState:
    """Where one coder stands with one excerpt.

    given: Codes that the excerpt has, as a whole or by a passage in it.
    whole: Those of them that it has as a whole.
    passages: What was given to words by themselves.
    bounds: Where the excerpt begins and ends as this coder reads it; None: as it was cut.
    memo_id: The row of the coder's memo on it.
    was_done: It was finished at any time, undone or not: suggestions may have been seen since.
    last_action: What the next decision on it must have been made after.
    """

    given: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()
    passed_over: tuple[int, ...] = ()
    is_done: bool = False
    is_unsure: bool = False
    is_assisted: bool = False
    passages: tuple[Passage, ...] = ()
    bounds: Span | None = None
    memo_id: int | None = None
    whole: tuple[int, ...] = field(default=(), compare=False)
    # How it came to be so is no part of where it stands.
    was_done: bool = field(default=False, compare=False)
    last_action: str | None = field(default=None, compare=False)


def replay(decisions: Iterable[Decision]) -> ExcerptState:
    """Derive the present state of an excerpt from one coder's decisions on it, in order."""
    history = list(decisions)
    undone = find_undone(history)
    live = [d for d in history if d.action not in undone and d.verdict != "undo"]
    codes = _replay_codes(live)
    is_done = is_unsure = False
    bounds = memo_id = None
    for decision in live:
        if decision.verdict in ("done", "reopen"):
            is_done = decision.verdict == "done"
            is_unsure = is_unsure and not is_done
        elif decision.verdict == "unsure":
            is_unsure = True
        elif decision.verdict == "bound":
            bounds = decision.span
        elif decision.verdict == "memo":
            memo_id = decision.memo_id
    return ExcerptState(
        given=_codes(codes, "accept", "add"),
        rejected=_codes(codes, "reject"),
        passed_over=_codes(codes, "pass_over"),
        is_done=is_done,
        is_unsure=is_unsure,
        # Undone or not: what was once seen with suggestions can never become blind.
        is_assisted=any(decision.is_assisted for decision in history),
        passages=tuple(
            Passage(code, span, is_outside=verdict == "mark")
            for (code, span), verdict in codes.items()
            if span is not None
        ),
        bounds=bounds,
        memo_id=memo_id,
        whole=tuple(
            code
            for (code, span), verdict in codes.items()
            if span is None and verdict in ("accept", "add")
        ),
        was_done=any(decision.verdict == "done" for decision in history),
        last_action=history[-1].action if history else None,
    )


def find_undone(history: Sequence[Decision]) -> set[str]:
    """Find the actions that do not count; an undone undo lets its action count again."""
    undone: set[str] = set()
    for decision in reversed(history):
        if decision.undoes is not None and decision.action not in undone:
            undone.add(decision.undoes)
    return undone


def _replay_codes(live: Iterable[Decision]) -> dict[Given, str]:
    codes: dict[Given, str] = {}
    for decision in live:
        if decision.code_id is None:
            continue
        place = (decision.code_id, decision.span)
        is_giving = decision.verdict in ("accept", "add", "mark")
        # Whatever is said of a code on the whole excerpt is said of its passages, too, but not of
        # words outside it; and it is taken out first, so that a code given again counts from its
        # latest giving.
        for other in [each for each in codes if each[0] == decision.code_id]:
            is_about_all = decision.span is None and not is_giving and codes[other] != "mark"
            if other == place or is_about_all:
                del codes[other]
        if is_giving or decision.span is None:
            codes[place] = decision.verdict
    return codes


def _codes(codes: dict[Given, str], *verdicts: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(code for (code, _), said in codes.items() if said in verdicts))
