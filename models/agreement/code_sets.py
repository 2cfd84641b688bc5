"""Agreement on all codes of an excerpt at once: alpha with a distance between sets of codes."""

from dataclasses import dataclass

import numpy as np

from models.agreement.coefficients import Floats
from models.agreement.plain import BoolArray
from models.agreement.tables import Readings, mean_weight_of, pair_coders, pair_machine
from models.intervals import N_RESAMPLES, SEED, Estimate, estimate
from models.masi import masi_from_counts


@dataclass(frozen=True)
class SetTables:
    """What alpha over sets is made of, by group; each adds up over groups.

    differing: (n_groups,) distances between paired readings.
    readings: (n_groups, n_sets) how often each set of codes was given, in pairs.
    distances: (n_sets, n_sets) between the sets.
    """

    differing: Floats
    readings: Floats
    distances: Floats


def compare_sets(
    readings: Readings,
    machine: BoolArray | None = None,
    *,
    seed: int = SEED,
    n_resamples: int = N_RESAMPLES,
) -> Estimate:
    """Give Krippendorff's alpha with MASI distance; a code that a coder could not judge is absent.

    It is near 0 where almost every excerpt has the same set, however well coders agree.

    Args:
        readings: What people gave.
        machine: (n_excerpts, n_codes) what the machine gave: each coder is compared with it, not
            with the others. None: coders are compared with one another.

    Source: Passonneau 2006, Measuring agreement on set-valued items (MASI), LREC.
    """
    tables = tabulate_sets(readings, machine)
    has_data = tables.readings.sum(axis=1) > 0
    if not has_data.any():
        return Estimate(None, 0, note="too few to tell: no excerpt has two readings")

    def alpha(counts: Floats) -> Floats:
        return set_alpha(tables, counts)

    return estimate(alpha, has_data, seed=seed, n_resamples=n_resamples)


def set_alpha(tables: SetTables, counts: Floats) -> Floats:
    """Give alpha for each row of group counts, (n_resamples, n_groups); nan where undefined."""
    given = counts @ tables.readings
    n_given = given.sum(axis=1)
    by_chance = ((given @ tables.distances) * given).sum(axis=1)
    differing = 2 * (counts @ tables.differing) * (n_given - 1)
    alphas: Floats = np.full(len(counts), np.nan)
    np.divide(differing, by_chance, out=alphas, where=by_chance > 0)
    return 1 - alphas


def tabulate_sets(readings: Readings, machine: BoolArray | None = None) -> SetTables:
    """Count paired readings of whole sets of codes by group."""
    given = np.nan_to_num(readings.given) > 0
    everything = given if machine is None else np.concatenate([given, machine[None]])
    n_readers, n_excerpts, n_codes = everything.shape
    flat = everything.reshape(n_readers * n_excerpts, n_codes)
    sets, numbers = np.unique(flat, axis=0, return_inverse=True)
    set_of = numbers.reshape(n_readers, n_excerpts)
    distances = masi_distances(sets)
    differing, counted = np.zeros(readings.n_groups), np.zeros((readings.n_groups, len(sets)))
    pairs = pair_coders(readings) if machine is None else pair_machine(readings)
    n_coders = readings.is_read.sum(axis=0)
    mean_weight = mean_weight_of(pairs)
    for pair in pairs:
        # As alpha counts: an excerpt of m readers has m readings, in however many pairs.
        n_pairs = n_coders[pair.rows] - (machine is None)
        weights = pair.weights / mean_weight / n_pairs
        groups = readings.groups[pair.rows]
        sides = set_of[pair.one, pair.rows], set_of[pair.other, pair.rows]
        np.add.at(differing, groups, weights * distances[sides])
        for side in sides:
            np.add.at(counted, (groups, side), weights)
    return SetTables(differing, counted, distances)


def masi_distances(sets: BoolArray) -> Floats:
    """Give the MASI distance between each two sets, (n_sets, n_sets) from (n_sets, n_codes)."""
    counts = sets.astype(np.float64)
    sizes = counts.sum(axis=1)
    return masi_from_counts(sizes[:, None], sizes, counts @ counts.T)
