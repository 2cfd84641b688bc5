"""How well coders agree on free spans of text: Krippendorff's u-alpha family, for many labels.

Krippendorff, Mathet, Bouvry and Widlöcher 2016, doi:10.1007/s11135-015-0266-1 (an erratum,
doi:10.1007/s11135-015-0289-7); Krippendorff 2019, Content Analysis, section 12.6, equations 32-38.
Neither text was at hand: the equations are as quallmer (R) and lindanna/unitized_alpha (Python)
give them. With T the length of all that is paired, S what would pair with itself (the square of
each unit's length, the plain length of gaps), l the length given each value and d the distance of
two values, alpha = 1 - observed * (T * T - S) / (T * l'dl).

What is ours, because the sources have one value a character and everybody reading everything:
- A value is the set of codes on a character, a gap the empty set. Sets are compared by MASI
  distance, which is nominal where no coding overlaps; then the figures are the published ones.
- A code by itself is asked of all text, given or not, with its own spans as units.
- Text counts that two or more coders read; a pair of m readers counts 1 / (m - 1), as in alpha.
- Transcripts count as if they were one continuum.
- Of equation 36 the sources differ on what a unit of three or more coders pairs with itself; here
  it is the square of the length with which the unit counts in cu-alpha. With two coders all agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from models.continua import (
    BoolArray,
    Continuum,
    Floats,
    IntArray,
    Sections,
    Words,
    cut_into_sections,
    masi_distances,
)

# All distances at once would take the square of the number of different sets.
N_SETS_AT_ONCE = 256


@dataclass(frozen=True)
class Coincidences:
    """What coders said of the same text; sums over transcripts are of all of them.

    Attributes:
        observed: (n_transcripts,) length of all pairs, each times the distance of its values.
        lengths: (n_transcripts, n_values) length that was given each value, over coders.
        own: (n_transcripts,) what would pair with itself.
        spread: (n_transcripts, n_transcripts) lengths of the one times lengths of the other times
            distance; adds up over both.
    """

    observed: Floats
    lengths: Floats
    own: Floats
    spread: Floats

    @property
    def has_data(self) -> BoolArray:
        """(n_transcripts,) whether there is anything that two coders said of the same text."""
        there: BoolArray = self.lengths.sum(axis=1) > 0
        return there


@dataclass(frozen=True)
class UnitizingSums:
    """All that the figures are computed from.

    Attributes:
        n_shared_chars: (n_transcripts,) code points that two or more coders read.
        values: For u-alpha.
        relevance: For |u-alpha: any code or none.
        marked: For cu-alpha: only where both coders of a pair marked.
        codes: Per code, given or not, of all text.
        marked_codes: Per code for (k)u-alpha: given or not, only where both marked.
    """

    n_shared_chars: IntArray
    values: Coincidences
    relevance: Coincidences
    marked: Coincidences
    codes: tuple[Coincidences, ...]
    marked_codes: tuple[Coincidences, ...]


@dataclass(frozen=True)
class CodeUnitizing:
    """How coders agree on where one code is.

    Attributes:
        share: Share given the code of what was read, over coders.
        alpha: |u-alpha of this code's spans alone: all text, given or not.
        ku_alpha: (k)u-alpha: only text where both marked something; blind to who was silent.
        coverage: Share of what was given the code on which ku_alpha rests.
    """

    share: float | None
    alpha: float | None
    ku_alpha: float | None
    coverage: float | None


@dataclass(frozen=True)
class UnitizingAgreement:
    """The u-alpha family; None where nothing, or everything alike, was said by two or more coders.

    Attributes:
        n_shared_chars: Code points that two or more coders read.
        u_alpha: Which codes, gaps included.
        relevance_alpha: |u-alpha: any code or none.
        cu_alpha: Which codes, where both marked something.
        coverage: Share of what was read on which cu_alpha rests.
        codes: In the order of their numbers.
    """

    n_shared_chars: int
    u_alpha: float | None
    relevance_alpha: float | None
    cu_alpha: float | None
    coverage: float | None
    codes: tuple[CodeUnitizing, ...]


def unitizing_agreement(sums: UnitizingSums) -> UnitizingAgreement:
    """Give the figures of all transcripts together."""
    everything = np.ones((1, len(sums.n_shared_chars)))
    return UnitizingAgreement(
        n_shared_chars=int(sums.n_shared_chars.sum()),
        u_alpha=_defined(u_alphas(sums.values, everything)),
        relevance_alpha=_defined(u_alphas(sums.relevance, everything)),
        cu_alpha=_defined(u_alphas(sums.marked, everything)),
        coverage=_share(sums.marked.lengths.sum(), sums.values.lengths.sum()),
        codes=tuple(
            CodeUnitizing(
                share=_share(code.lengths[:, 1].sum(), code.lengths.sum()),
                alpha=_defined(u_alphas(code, everything)),
                ku_alpha=_defined(ku_alphas(marked, everything)),
                coverage=_share(marked.lengths[:, 1].sum(), code.lengths[:, 1].sum()),
            )
            for code, marked in zip(sums.codes, sums.marked_codes, strict=True)
        ),
    )


def u_alphas(coincidences: Coincidences, weights: Floats) -> Floats:
    """Give u-, |u- or cu-alpha of each resample; nan where it is undefined.

    Args:
        coincidences: `values`, `relevance`, `marked` or one of `codes`.
        weights: (n_resamples, n_transcripts) how often each transcript counts, 0 or more; not
            shares, for the figure depends on how much there is.
    """
    expected = ((weights @ coincidences.spread) * weights).sum(axis=1)
    paired = weights @ coincidences.lengths.sum(axis=1)
    others = paired**2 - weights @ coincidences.own
    return _beyond(weights @ coincidences.observed * others, paired * expected, others)


def ku_alphas(coincidences: Coincidences, weights: Floats) -> Floats:
    """Give (k)u-alpha of each resample; nan where it is undefined.

    Args:
        coincidences: One of `marked_codes`.
        weights: As for `u_alphas`.
    """
    without, given = (weights @ coincidences.lengths).T
    others = given * (without + given) - weights @ coincidences.own
    return _beyond(weights @ coincidences.observed / 2 * others, given**2 * without, others)


def count_coincidences(continua: Sequence[Continuum], *, n_codes: int) -> UnitizingSums:
    """Sum up, per transcript, what coders said of the same text.

    Raises:
        ValueError: A stretch or span is empty or outside its transcript, or has no such code.
    """
    sections = cut_into_sections(continua, n_codes=n_codes)
    n_readers = sections.is_read.sum(axis=0)
    is_marked: BoolArray = np.any(sections.given, axis=2)
    n_given, n_marked = sections.given.sum(axis=0), is_marked.sum(axis=0)
    shared = np.where(n_readers >= 2, sections.lengths, 0)
    per_pair = shared / np.maximum(n_readers - 1, 1)
    read = sections.is_read * (per_pair * (n_readers - 1))
    marked = is_marked * (per_pair * (n_marked - 1))
    gaps = sections.by_transcript(shared[:, None] * (n_readers[:, None] - n_given))
    values = _compare_sets(sections, sections.is_read, read, per_pair)
    yes_or_no = partial(_yes_or_no, sections, per_pair)
    (relevance,) = yes_or_no(n_marked[:, None], n_readers, values.own[:, None])
    return UnitizingSums(
        n_shared_chars=sections.by_transcript(shared).astype(np.int64),
        values=values,
        relevance=relevance,
        marked=_compare_sets(sections, is_marked, marked, per_pair),
        codes=yes_or_no(n_given, n_readers, sections.own_of_spans(read) + gaps),
        marked_codes=yes_or_no(n_given, n_marked, sections.own_of_spans(marked)),
    )


def _compare_sets(
    sections: Sections, is_paired: BoolArray, amounts: Floats, per_pair: Floats
) -> Coincidences:
    n_transcripts, numbers = sections.n_transcripts, sections.set_numbers
    observed = np.zeros(n_transcripts)
    for one, other in combinations(range(len(numbers)), 2):
        differs = is_paired[one] & is_paired[other] & (numbers[one] != numbers[other])
        rows = np.flatnonzero(differs)
        sets = sections.sets[:, numbers[one, rows]], sections.sets[:, numbers[other, rows]]
        weights = 2 * per_pair[rows] * masi_distances(*sets)
        observed += np.bincount(sections.transcripts[rows], weights, minlength=n_transcripts)
    lengths = np.zeros((n_transcripts, sections.sets.shape[1]))
    np.add.at(lengths, (sections.transcripts, numbers), amounts)
    own, spread = sections.own_of_units(amounts), _spread(lengths, sections.sets)
    return Coincidences(observed, lengths, own, spread)


def _spread(lengths: Floats, sets: Words) -> Floats:
    spread = np.zeros((len(lengths), len(lengths)))
    for start in range(0, sets.shape[1], N_SETS_AT_ONCE):
        block = slice(start, start + N_SETS_AT_ONCE)
        distances = masi_distances(sets[:, block, None], sets[:, None])
        spread += lengths[:, block] @ (distances @ lengths.T)
    return spread


def _yes_or_no(
    sections: Sections, per_pair: Floats, n_given: IntArray, n_all: IntArray, own: Floats
) -> tuple[Coincidences, ...]:
    n_without = n_all[:, None] - n_given
    observed = sections.by_transcript(2 * per_pair[:, None] * n_given * n_without)
    amounts = (per_pair * (n_all - 1))[:, None]
    without = sections.by_transcript(amounts * n_without)
    given = sections.by_transcript(amounts * n_given)
    lengths = np.stack([without, given], axis=-1)
    crossed = np.einsum("tc,sc->cts", without, given)
    spread = crossed + crossed.transpose(0, 2, 1)
    return tuple(
        Coincidences(observed[:, code], lengths[:, code], own[:, code], spread[code])
        for code in range(own.shape[1])
    )


def _beyond(observed: Floats, expected: Floats, others: Floats) -> Floats:
    # Where there is nothing but what pairs with itself, chance is undefined as well.
    is_defined = (expected > 0) & (others > 0)
    ratio = np.full(expected.shape, np.nan)
    np.divide(observed, expected, out=ratio, where=is_defined)
    return 1 - ratio


def _defined(alphas: Floats) -> float | None:
    return None if np.isnan(alphas[0]) else float(alphas[0])


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None
