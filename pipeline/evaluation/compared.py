"""Compares people with the machine and with one another, on excerpts coded blind."""

from functools import partial

import numpy as np

from models.agreement import (
    BETWEEN_PEOPLE,
    WITH_MACHINE,
    Comparison,
    Readings,
    compare,
    compare_sets,
    tabulate_coders,
    tabulate_in_place,
    tabulate_machine,
)
from models.agreement.figures import COEFFICIENT, joint_kappa, pool_paired
from models.intervals import Estimate
from pipeline.evaluation.readings import Floats, LaidOut
from pipeline.evaluation.records import Agreement, InPlace

DIFFERENCE = (-2.0, 2.0)


def compare_with_machine(laid_out: LaidOut) -> Agreement:
    """Compare people with the machine; of an excerpt's coders, one chosen at random speaks."""
    readings = laid_out.judged_by_both
    tables = tabulate_machine(readings, laid_out.machine)
    sets = compare_sets(readings, laid_out.machine)
    return describe(laid_out, compare(tables, WITH_MACHINE), sets)


def compare_people(laid_out: LaidOut) -> Agreement | None:
    """Compare coders with one another; None where no two read the same excerpt."""
    shared = take_shared(laid_out)
    if not shared.units:
        return None
    tables = tabulate_coders(shared.readings)
    return describe(shared, compare(tables, BETWEEN_PEOPLE), compare_sets(shared.readings))


def compare_in_place(laid_out: LaidOut) -> InPlace | None:
    """Put the machine in each coder's place in turn, like for like; None without two coders."""
    shared = take_shared(laid_out)
    people = compare_people(laid_out)
    if people is None:
        return None
    readings = shared.judged_by_both
    ours = tabulate_in_place(readings, shared.machine)
    theirs = tabulate_coders(readings)
    machine = describe(
        shared, compare(ours, BETWEEN_PEOPLE), compare_sets(readings, shared.machine)
    )
    codes = [
        code
        for code in told_of_both(people.comparison, machine.comparison)
        if theirs.has_data[:, code].any()
    ]
    join = partial(pool_paired, ours, theirs, codes, joint_kappa)
    return InPlace(
        people,
        machine,
        n_codes=len(codes),
        people_kappa=join(lambda _, people: people, bounds=COEFFICIENT),
        machine_kappa=join(lambda machine, _: machine, bounds=COEFFICIENT),
        difference=join(subtract, bounds=DIFFERENCE),
        share=join(divide, bounds=(-np.inf, np.inf)),
    )


def take_shared(laid_out: LaidOut) -> LaidOut:
    """Take the units that several coders read."""
    return laid_out.take(laid_out.readings.is_read.sum(axis=0) >= 2)


def told_of_both(one: Comparison, other: Comparison) -> list[int]:
    """List the codes of which there is enough to tell on both sides."""
    return [
        number
        for number, (first, second) in enumerate(zip(one.codes, other.codes, strict=True))
        if first.is_told and second.is_told
    ]


def subtract(one: Floats, other: Floats) -> Floats:
    """Give the difference."""
    return one - other


def divide(one: Floats, other: Floats) -> Floats:
    """Divide where there is something to divide by; nan elsewhere."""
    shares: Floats = np.full(one.shape, np.nan)
    np.divide(one, other, out=shares, where=other > 0)
    return shares


def describe(laid_out: LaidOut, comparison: Comparison, sets: Estimate) -> Agreement:
    """Say with a comparison on what it was made."""
    readings: Readings = laid_out.readings
    return Agreement(
        comparison,
        sets,
        n_excerpts=len(laid_out.units),
        n_interviews=len({unit.interview for unit in laid_out.units}),
        n_participants=len(np.unique(readings.participants)),
        n_groups=len(np.unique(readings.groups)),
        n_coders=int(readings.is_read.any(axis=1).sum()),
    )
