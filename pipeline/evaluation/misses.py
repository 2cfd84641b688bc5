"""What the queue would have missed, who it missed it of, and which codes are taken for others."""

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.agreement import BoolArray, share_of_coders
from models.intervals import Estimate, estimate
from pipeline.evaluation.compared import divide
from pipeline.evaluation.material import Material
from pipeline.evaluation.readings import Floats, LaidOut, read_text
from pipeline.evaluation.records import CodeUse, Disagreement, GroupErrors, Misses, Mixup

SHARE = (0.0, 1.0)
FEWEST = 10
Amounts: TypeAlias = BoolArray | NDArray[np.int64]


def measure_misses(laid_out: LaidOut) -> Misses:
    """Estimate what is not suggested: of what people gave, and in excerpts without a suggestion.

    Each coder's reading counts, and an excerpt's readings share its weight: as in the headline, one
    coder chosen at random speaks, so that a second coder does not make the machine miss more.
    """
    readings = laid_out.judged_by_both
    given: BoolArray = np.nan_to_num(readings.given) > 0
    missed = given & ~laid_out.machine
    is_silent: BoolArray = readings.is_read & ~np.any(laid_out.machine, axis=1)
    is_coded: BoolArray = is_silent & np.any(given, axis=2)
    return Misses(
        n_given=int(given.sum()),
        n_missed=int(missed.sum()),
        missed=_ratio(laid_out, missed.sum(axis=2), given.sum(axis=2), "codes given by people"),
        n_silent=int(is_silent.sum()),
        n_silent_coded=int(is_coded.sum()),
        elusion=_ratio(laid_out, is_coded, is_silent, "excerpts without any suggestion"),
    )


def label_units(laid_out: LaidOut) -> BoolArray:
    """Label each unit with what at least half of its coders gave, of codes that both sides knew."""
    labels: BoolArray = np.nan_to_num(share_of_coders(laid_out.judged_by_both)) >= 0.5
    return labels


def mark_by_machine(laid_out: LaidOut) -> BoolArray:
    """Tell what the machine gave of what people judged: of the rest nobody knows if it is wrong."""
    marked: BoolArray = laid_out.machine & ~np.isnan(share_of_coders(laid_out.readings))
    return marked


def count_uses(laid_out: LaidOut) -> list[CodeUse]:
    """Count to how many units people and the machine gave each code, where people judged it."""
    people, machine = label_units(laid_out), mark_by_machine(laid_out)
    columns = zip(*(x.sum(axis=0) for x in (people, machine, people & machine)), strict=True)
    return [CodeUse(*(int(n) for n in counts)) for counts in columns]


def count_group_errors(material: Material, laid_out: LaidOut) -> list[GroupErrors]:
    """Count what was found, missed and wrongly suggested for each value of a group attribute."""
    people, machine = label_units(laid_out), mark_by_machine(laid_out)
    counted = []
    for (attribute, value), rows in sorted(_rows_by_value(material, laid_out).items()):
        here, ours = people[rows], machine[rows]
        counted.append(
            GroupErrors(
                attribute,
                value,
                n_participants=len(np.unique(laid_out.readings.participants[rows])),
                n_excerpts=len(rows),
                n_given=int(here.sum()),
                n_found=int((here & ours).sum()),
                n_missed=int((here & ~ours).sum()),
                n_wrong=int((~here & ours).sum()),
            )
        )
    return counted


def count_mixups(material: Material, one: BoolArray, other: BoolArray) -> list[Mixup]:
    """Count which code one reading gave where the other gave another instead, most often first."""
    keys = material.keys
    only_one = (one & ~other).astype(np.int64)
    only_other = (other & ~one).astype(np.int64)
    counts = only_one.T @ only_other
    mixups = [
        Mixup(keys[code], keys[instead], int(counts[code, instead]))
        for code, instead in np.argwhere(counts)
    ]
    return sorted(mixups, key=lambda mixup: (-mixup.n_excerpts, mixup.code, mixup.other))


def mix_up_people(material: Material, laid_out: LaidOut) -> list[Mixup]:
    """Count which codes people take for one another, over pairs of coders, either way round."""
    given = laid_out.readings.given
    counts: Counter[tuple[str, str]] = Counter()
    for one in range(len(given)):
        for other in range(one):
            # A code that either could not judge is taken for no other.
            is_judged = ~np.isnan(given[one]) & ~np.isnan(given[other])
            sides = [(given[coder] > 0) & is_judged for coder in (one, other)]
            for mixup in count_mixups(material, *sides):
                code, instead = sorted((mixup.code, mixup.other))
                counts[code, instead] += mixup.n_excerpts
    mixups = [Mixup(*codes, n) for codes, n in counts.items()]
    return sorted(mixups, key=lambda mixup: (-mixup.n_excerpts, mixup.code, mixup.other))


def list_disagreements(
    material: Material, laid_out: LaidOut, *, with_quotes: bool
) -> Iterator[Disagreement]:
    """List each excerpt and code on which people, or people and machine, differ."""
    keys = material.keys
    judged = ~np.isnan(laid_out.readings.given)
    n_coders, n_given = judged.sum(axis=0), np.nansum(laid_out.readings.given, axis=0)
    n_yes, n_all = n_given + laid_out.machine, n_coders + laid_out.is_known
    for row, code in np.argwhere((n_coders > 0) & (n_yes > 0) & (n_yes < n_all)):
        unit = laid_out.units[row]
        interview = material.interviews[unit.interview]
        yield Disagreement(
            interview=interview.transcript.interview,
            participant=interview.case.participant,
            excerpt_id=unit.excerpt_id,
            excerpt=unit.label,
            code=keys[code],
            n_given=int(n_given[row, code]),
            n_coders=int(n_coders[row, code]),
            is_suggested=bool(laid_out.machine[row, code]),
            text=read_text(material, unit) if with_quotes else None,
        )


def _rows_by_value(material: Material, laid_out: LaidOut) -> dict[tuple[str, str], list[int]]:
    rows: dict[tuple[str, str], list[int]] = {}
    for row, unit in enumerate(laid_out.units):
        for pair in material.interviews[unit.interview].case.attributes.items():
            rows.setdefault(pair, []).append(row)
    return rows


def _ratio(laid_out: LaidOut, part: Amounts, whole: Amounts, name: str) -> Estimate:
    """Estimate how much of the whole is part, both (n_coders, n_units), over groups by weight."""
    readings = laid_out.readings
    shared = readings.excerpt_weights / np.maximum(readings.is_read.sum(axis=0), 1)
    sums = [
        np.bincount(readings.groups, shared * side.sum(axis=0), minlength=readings.n_groups)
        for side in (part, whole)
    ]
    has_data: BoolArray = sums[1] > 0
    if whole.sum() < FEWEST:
        note = f"too few to tell: {whole.sum()} {name} ({FEWEST} are needed)"
        return Estimate(None, int(has_data.sum()), note=note)

    def share(counts: Floats) -> Floats:
        return divide(counts @ sums[0], counts @ sums[1])

    return estimate(share, has_data, bounds=SHARE)
