"""Lays out which codes are taken for which others: the most frequent, few enough to be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.evaluation.records import Mixup

N_CODES, N_PAIRS = 10, 10


@dataclass(frozen=True)
class HeatCell:
    """How many excerpts, and how dark to draw it, 0 to 1; the diagonal has no number."""

    n: int | None
    shade: float


@dataclass(frozen=True)
class HeatTable:
    """The codes that are confused most, each with each, and the most frequent pairs in words.

    codes: Names in order; row and column numbers follow it.
    pairs: Code, code given instead, excerpts.
    n_shown, n_all: What the cells count, of what there is altogether; n_more_pairs are not listed.
    """

    codes: tuple[str, ...]
    rows: tuple[tuple[HeatCell, ...], ...]
    pairs: tuple[tuple[str, str, int], ...]
    n_shown: int
    n_all: int
    n_more_pairs: int


def lay_out_heat(
    mixups: Sequence[Mixup], names: dict[str, str], *, is_mutual: bool
) -> HeatTable | None:
    """Lay out the codes that are confused most; None where none is.

    Args:
        mixups: Most frequent first.
        is_mutual: Each pair stands once, whichever way round: the cells are filled both ways.
    """
    if not mixups:
        return None
    codes = _choose_codes(mixups)
    counts = {(mixup.code, mixup.other): mixup.n_excerpts for mixup in mixups}
    shown = {pair: n for pair, n in counts.items() if set(pair) <= set(codes)}
    both = shown | {(other, code): n for (code, other), n in shown.items()} if is_mutual else shown
    most = max(both.values())
    return HeatTable(
        codes=tuple(names[code] for code in codes),
        rows=tuple(tuple(_cell(both, row, column, most) for column in codes) for row in codes),
        pairs=tuple((names[m.code], names[m.other], m.n_excerpts) for m in mixups[:N_PAIRS]),
        n_shown=sum(shown.values()),
        n_all=sum(counts.values()),
        n_more_pairs=max(0, len(mixups) - N_PAIRS),
    )


def _choose_codes(mixups: Sequence[Mixup]) -> list[str]:
    """Take the codes of the most frequent pairs until there are enough."""
    chosen: dict[str, None] = {}
    for mixup in mixups:
        pair = dict.fromkeys((mixup.code, mixup.other))
        if len(chosen | pair) > N_CODES:
            break
        chosen |= pair
    return list(chosen)


def _cell(counts: dict[tuple[str, str], int], row: str, column: str, most: int) -> HeatCell:
    if row == column:
        return HeatCell(None, 0)
    n = counts.get((row, column), 0)
    return HeatCell(n, round(n / most, 3))
