"""How often 95% intervals hold a known truth: `python -m bench.intervals`."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import click
import numpy as np

from bench.row_intervals import naive_intervals
from bench.simulation import ratio_and_error, replicate
from bench.terminal import Report, progress_bars
from bench.two_coders import (
    CODES,
    PREVALENCES,
    RATES,
    Setting,
    invent_study,
    true_figure,
)
from models.agreement.coefficients import Floats
from models.agreement.figures import WITH_MACHINE, compare
from models.agreement.tables import Tables, tabulate_coders, tabulate_machine
from models.intervals import Estimate, Interval

ICCS = (0.0, 0.05, 0.2)
PARTICIPANTS = (10, 22, 40)
# Each with its name in the product; positive agreement with a machine is F1.
FIGURES: Mapping[str, tuple[str, str]] = {
    "kappa": ("coders", "kappa"),
    "alpha": ("coders", "alpha"),
    "ac1": ("coders", "ac1"),
    "positive_agreement": ("coders", "positive_agreement"),
    "machine_kappa": ("machine", "kappa"),
    "machine_f1": ("machine", "positive_agreement"),
}
METHODS = ("jackknife_t", "bca", "either", "rows", "asymptotic")
EXPLAINED = """\
mean: of the values told. told: share of codes with a value; printed: with an interval. Of the
printed: share that holds the truth (Monte Carlo standard error) and mean width, of the product's
intervals, jackknife_t and bca; of either, from the lower of their bounds to the higher; and, in the
same studies, of two that take excerpts for independent: rows (BCa over excerpts) and asymptotic
(delta method).
all told: the mean over the codes that are told in a study; its truth is the mean of theirs.
At the end: lowest, median and highest of these shares where there were 200 intervals or more."""
FEWEST_INTERVALS, RARE, OTHER = 200, "to .02", "from .05"
HEAD = ("blind", "people", "ICC", "share", "truth", "mean", "told", "printed")


@dataclass(frozen=True)
class Effort:
    """How much is computed, and from which seed."""

    seed: int
    n_replications: int
    n_resamples: int
    jobs: int


@click.command()
@click.option("--participants", type=click.IntRange(2), multiple=True, default=PARTICIPANTS)
@click.option("--figure", type=click.Choice(list(FIGURES)), default="kappa", show_default=True)
@click.option("--replications", type=click.IntRange(2), default=250, show_default=True)
@click.option("--resamples", type=click.IntRange(100), default=500, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, of all figures.")
def main(
    participants: tuple[int, ...],
    figure: str,
    replications: int,
    resamples: int,
    seed: int,
    jobs: int,
    as_json: bool,
) -> None:
    """Invent studies, and count how often the intervals hold the truth."""
    effort = Effort(seed, replications, resamples, jobs)
    settings = [Setting(*each) for each in product(RATES, participants, ICCS)]
    with progress_bars() as report:
        rows = measure_settings(settings, effort, report=report)
    figures = {"seed": seed, "replications": replications, "resamples": resamples, "rows": rows}
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures, figure))


def measure_settings(
    settings: Sequence[Setting], effort: Effort, *, report: Report
) -> list[dict[str, Any]]:
    """Measure every figure of every kind of study."""
    studies = list(product(settings, range(effort.n_replications)))
    work = partial(measure_study, effort)
    outcomes = replicate(work, studies, what="Studies", jobs=effort.jobs, report=report)
    by_setting = np.stack(outcomes).reshape(
        len(settings), effort.n_replications, *outcomes[0].shape
    )
    return [
        row
        for setting, found in zip(settings, by_setting, strict=True)
        for row in _list_rows(setting, found)
    ]


def measure_study(effort: Effort, study: tuple[Setting, int]) -> Floats:
    """Invent one study, named by its kind and number, and look at all its intervals.

    Returns:
        (n_figures, n_codes + 1, 1 + 2 * n_methods), the mean over codes last: the value, whether
        the interval of each method holds the truth, and their widths; nan where there is none.
    """
    setting, number = study
    place = [list(RATES).index(setting.design), setting.n_participants, round(100 * setting.icc)]
    rng = np.random.default_rng([effort.seed, *place, number])
    readings, machine = invent_study(rng, setting)
    tables = {"coders": tabulate_coders(readings), "machine": tabulate_machine(readings, machine)}
    return np.concatenate(
        [_look_at_side(rng, *side, setting.icc, effort.n_resamples) for side in tables.items()]
    )


def summarise(outcomes: Floats) -> dict[str, Any]:
    """Summarise outcomes of one figure, (n_replications, n_codes, 1 + 2 * n_methods)."""
    is_there = ~np.isnan(outcomes)
    told = ratio_and_error(np.nansum(outcomes[..., 0], axis=1), is_there[..., 0].sum(axis=1))
    row: dict[str, Any] = {
        "mean": told and round(told[0], 4),
        "told": round(float(is_there[..., 0].mean()), 4),
        "printed": round(float(is_there[..., 1].mean()), 4),
        "intervals": int(is_there[..., 1].sum()),
    }
    for place, method in enumerate(METHODS, 1):
        held, widths = outcomes[..., place], outcomes[..., place + len(METHODS)]
        n_intervals = is_there[..., place].sum(axis=1)
        coverage = ratio_and_error(np.nansum(held, axis=1), n_intervals)
        row[method] = coverage and {
            "coverage": round(coverage[0], 4),
            "error": round(coverage[1], 4),
            "width": round(float(np.nanmean(widths)), 4),
        }
    return row


def draw_table(figures: Mapping[str, Any], figure: str) -> str:
    """Draw one figure as a table, a block for each kind of study."""
    title = (
        f"{figure}; seed {figures['seed']}, {figures['replications']} studies of each kind, 2 "
        f"codes of each prevalence, {figures['resamples']} resamples"
    )
    head = "".join(f"{name:>9}" for name in HEAD)
    lines = [title, "", head + "".join(f"{method:>20}" for method in METHODS)]
    for row in figures["rows"]:
        if row["figure"] == figure:
            share = "all told" if row["prevalence"] is None else f"{row['prevalence']:.2f}"
            kind = (row["design"], row["participants"], row["icc"], share)
            shares = map(_figure, (row["truth"], row["mean"], row["told"], row["printed"]))
            cells = "".join(f"{_cell(row[method]):>20}" for method in METHODS)
            lines.append("".join(f"{each:>9}" for each in (*kind, *shares)) + cells)
    return "\n".join([*lines, *_draw_overview(figures["rows"], figure), "", EXPLAINED])


def _list_rows(setting: Setting, outcomes: Floats) -> list[dict[str, Any]]:
    rows = []
    for (place, figure), prevalence in product(enumerate(FIGURES), (*PREVALENCES, None)):
        columns = [len(CODES)] if prevalence is None else np.flatnonzero(prevalence == CODES)
        truths = true_figure(*FIGURES[figure], setting.icc)
        truth = None if prevalence is None else round(float(truths[columns[0]]), 4)
        row = {
            "design": setting.design,
            "participants": setting.n_participants,
            "icc": setting.icc,
            "figure": figure,
            "prevalence": prevalence,
            "truth": truth,
        }
        rows.append(row | summarise(outcomes[:, place, columns]))
    return rows


def _look_at_side(
    rng: np.random.Generator, side: str, tables: Tables, icc: float, n_resamples: int
) -> Floats:
    names = {name: WITH_MACHINE[name] for whose, name in FIGURES.values() if whose == side}
    seed = int(rng.integers(1 << 31))
    compared = compare(tables, names, seed=seed, n_resamples=n_resamples)
    told = [code.is_told for code in compared.codes]
    outcomes = np.empty((len(names), len(CODES) + 1, 1 + 2 * len(METHODS)))
    for place, name in enumerate(names):
        truths = true_figure(side, name, icc)
        for code, figures in enumerate(compared.codes):
            estimate = figures.figures[name]
            naive: dict[str, Interval] = {}
            # An excerpt of two coders who differ counts half with, half against the machine.
            if estimate.bca and side == "coders":
                table = tables.by_excerpt[:, code].sum(axis=0)
                naive = naive_intervals(name, table, rng, n_resamples)
            outcomes[place, code] = _look(estimate, truths[code], naive)
        mean = truths[told].mean() if any(told) else np.nan
        outcomes[place, -1] = _look(compared.pooled.figures[name], mean, {})
    return outcomes


def _look(estimate: Estimate, truth: float, naive: Mapping[str, Interval]) -> Floats:
    outcome = np.full(1 + 2 * len(METHODS), np.nan)
    outcome[0] = np.nan if estimate.value is None else estimate.value
    one, other = estimate.jackknife_t, estimate.bca
    if not (one and other):
        return outcome
    either = Interval(min(one.low, other.low), max(one.high, other.high))
    intervals = {"jackknife_t": one, "bca": other, "either": either, **naive}
    for method, interval in intervals.items():
        place = 1 + METHODS.index(method)
        outcome[place] = interval.low <= truth <= interval.high
        outcome[place + len(METHODS)] = interval.high - interval.low
    return outcome


def _draw_overview(rows: Sequence[Mapping[str, Any]], figure: str) -> list[str]:
    found: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["figure"] == figure and row["intervals"] >= FEWEST_INTERVALS:
            share = row["prevalence"]
            kind = "all told" if share is None else RARE if share < 0.05 else OTHER
            found.setdefault((row["participants"], kind), []).append(row)
    lines = [f"{'people':>9}{'share':>9}" + "".join(f"{method:>20}" for method in METHODS)]
    for (people, kind), alike in sorted(found.items()):
        cells = "".join(f"{_range(alike, method):>20}" for method in METHODS)
        lines.append(f"{people:>9}{kind:>9}{cells}")
    return ["", *lines] if found else []


def _range(rows: Sequence[Mapping[str, Any]], method: str) -> str:
    shares = [row[method]["coverage"] for row in rows if row[method]]
    bounds = (min(shares), np.median(shares), max(shares)) if shares else ()
    return " ".join(f"{each:.3f}" for each in bounds) or "-"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _cell(figures: Mapping[str, float] | None) -> str:
    shown = "{coverage:.3f} ({error:.3f}) {width:.2f}"
    return shown.format(**figures) if figures else "-"


if __name__ == "__main__":
    main()
