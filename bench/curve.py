"""How good a method is after 2, 4, 8, 16 … coded interviews, drawn at random."""

from collections.abc import Iterator, Sequence

import numpy as np

from bench.coded import CodedData
from bench.figures import average
from bench.methods import Method, Outcome, Split
from bench.terminal import Report
from models.agreement import BoolArray, compare_codes, mean_of_defined
from models.ranking import mean_average_precision, recall_at_3


def measure_curve(
    data: CodedData, method: Method, codes: Sequence[int], *, n_draws: int, report: Report
) -> list[dict[str, object]]:
    """Learn from so many groups, and measure on all the others: means and ranges over the draws.

    A draw is one order of the groups, its larger sizes contain its smaller ones. A point measured
    on few groups is of the codes that these have: it can exceed the full value.
    """
    n_groups = len(set(data.groups))
    sizes = list_sizes(n_groups)
    points = []
    for place, size in enumerate(sizes):
        report("Learning curve", place, len(sizes))
        runs = [_measure_split(data, method, codes, split) for split in _draw(data, size, n_draws)]
        counts = {"interviews": size, "measured_on": n_groups - size, "draws": n_draws}
        points.append(counts | average(runs))
    report("Learning curve", len(sizes), len(sizes))
    return points


def list_sizes(n_groups: int) -> list[int]:
    """List the powers of two that leave at least one group to measure on."""
    return [2**power for power in range(1, n_groups.bit_length()) if 2**power < n_groups]


def relate_to_full(points: Sequence[dict[str, object]], full: object) -> list[dict[str, object]]:
    """Add the share of the mean average precision that learning from four of five folds reaches.

    share_of_full is None where either is None, or the latter 0.
    """
    return [{**point, "share_of_full": _share(point["map"], full)} for point in points]


def _draw(data: CodedData, size: int, n_draws: int) -> Iterator[Split]:
    groups = np.array(data.groups)
    names = np.unique(groups)
    for seed in range(n_draws):
        picked = np.random.default_rng(seed).permutation(names)[:size]
        is_picked = np.isin(groups, picked)
        train = np.flatnonzero(is_picked)
        yield Split(train, np.flatnonzero(~is_picked), data.labels[train])


def _measure_split(
    data: CodedData, method: Method, codes: Sequence[int], split: Split
) -> dict[str, float | None]:
    outcome, labels = method(data, split), data.labels[split.test]
    return {
        "map": mean_average_precision(labels, outcome.scores, codes),
        "macro_f1": _macro_f1(labels, outcome, codes),
        "rec3": recall_at_3(labels, outcome.scores) if codes else None,
    }


def _macro_f1(labels: BoolArray, outcome: Outcome, codes: Sequence[int]) -> float | None:
    if outcome.given is None:
        return None
    columns = list(codes)
    compared = compare_codes(labels[:, columns], outcome.given[:, columns])
    return mean_of_defined(code.f1 or 0.0 for code in compared)


def _share(part: object, full: object) -> float | None:
    if not isinstance(part, float) or not isinstance(full, float) or not full:
        return None
    return round(part / full, 4)
