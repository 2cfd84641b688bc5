"""What coders who are helped and swayed do to the figures: `python -m bench.sway`."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import click
import numpy as np

from bench.assisted_coder import ACCURACIES, SHARES, true_effect
from bench.assisted_figures import (
    AGREEMENT,
    GRID,
    USUAL,
    USUAL_ACCURACY,
    Effort,
    Outcome,
    measure_study,
)
from bench.simulation import ratio_and_error, replicate
from bench.terminal import progress_bars
from models.agreement.assistance import FIGURES
from models.agreement.coefficients import Floats

STRENGTHS = ("help", "sway", "silent_help", "silent_sway")
# Heads and what stands under them.
AGREEMENT_COLUMNS = (
    ("alone", "alone"),
    ("blind", "blind"),
    ("its error", "blind_error"),
    ("assisted", "assisted"),
    ("its error", "assisted_error"),
    ("effect", "effect"),
    ("its error", "effect_error"),
    ("its spread", "effect_spread"),
)
SHARE_COLUMNS = (
    ("true", "both_ways"),
    ("measured", "measured"),
    ("error", "error"),
    ("spread", "spread"),
)
SPLIT_COLUMNS = (*SHARE_COLUMNS, ("bca", "bca"), ("jackknife_t", "jackknife_t"))
EXPLAINED = """\
Means over the studies (Monte Carlo standard error); spread: standard deviation of the error of one
study. A coder who would choose otherwise does as the machine does: help, sway, where it suggests a
code rightly, wrongly; silent_help, silent_sway, where it suggests none rightly, wrongly.
alone: all the coder's codings if nothing were ever shown. blind: as measured on the excerpts drawn.
assisted: as measured on the others; all that a study without a blind draw has. effect: what showing
changes in codings of everything; its error is that of assisted minus blind.
true: of every excerpt coded both ways. bca, jackknife_t: share of intervals that hold the truth of
all studies there could be. accuracy: recall and precision of the independent coder."""


@click.command()
@click.option("--rate", type=click.FloatRange(0.01, 0.9), default=0.1, show_default=True)
@click.option("--replications", type=click.IntRange(2), default=400, show_default=True)
@click.option("--resamples", type=click.IntRange(100), default=500, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(
    rate: float, replications: int, resamples: int, seed: int, jobs: int, as_json: bool
) -> None:
    """Invent studies whose coder is helped and swayed; see what the figures make of it."""
    effort = Effort(rate, resamples, seed)
    work, numbers = partial(measure_study, effort), range(replications)
    with progress_bars() as report:
        outcomes = replicate(work, numbers, what="Studies", jobs=jobs, report=report)
    settings = {"seed": seed, "replications": replications, "resamples": resamples, "rate": rate}
    figures = settings | summarise(outcomes)
    click.echo(json.dumps(figures, indent=2) if as_json else draw_tables(figures))


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Summarise all studies: means, and mean errors, each with its Monte Carlo standard error."""
    agreement = np.stack([outcome.agreement for outcome in outcomes])
    split = np.stack([outcome.split for outcome in outcomes])
    attenuated = np.stack([outcome.attenuated for outcome in outcomes])
    return {
        "agreement": [
            {**asdict(strengths), "figure": name, **_sum_up_agreement(agreement[:, row, column])}
            for row, strengths in enumerate(GRID)
            for column, name in enumerate(AGREEMENT)
        ],
        "split": [
            {
                **asdict(strengths),
                "figure": name,
                "population": true_effect(strengths, USUAL_ACCURACY)[name],
                **_sum_up_split(split[:, row, column]),
            }
            for row, strengths in enumerate(GRID)
            for column, name in enumerate(FIGURES)
        ],
        "attenuated": [
            {
                "accuracy": accuracy,
                "figure": name,
                "population": true_effect(USUAL, accuracy)[name],
                **_sum_up_error(*attenuated[:, row, column].T),
            }
            for row, accuracy in enumerate(ACCURACIES)
            for column, name in enumerate(SHARES.values())
        ],
    }


def draw_tables(figures: Mapping[str, Any]) -> str:
    """Draw what happens to agreement, to its split, and to the shares as the other coder errs."""
    settings = ("seed", "replications", "resamples", "rate")
    lines = [", ".join(f"{name} {figures[name]}" for name in settings)]
    for figure in AGREEMENT:
        rows = [row for row in figures["agreement"] if row["figure"] == figure]
        lines += _draw(f"{figure} with the machine", STRENGTHS, AGREEMENT_COLUMNS, rows)
    for figure in FIGURES:
        rows = [row for row in figures["split"] if row["figure"] == figure]
        lines += _draw(f"{figure}, accuracy {USUAL_ACCURACY}", STRENGTHS, SPLIT_COLUMNS, rows)
    for figure in SHARES.values():
        rows = [row for row in figures["attenuated"] if row["figure"] == figure]
        title = f"{figure}, help {USUAL.help}, sway {USUAL.sway}"
        lines += _draw(title, ("accuracy",), SHARE_COLUMNS, rows)
    return "\n".join([*lines, "", EXPLAINED])


def _sum_up_agreement(values: Floats) -> dict[str, Any]:
    told = values[~np.isnan(values).any(axis=1)]
    blind, assisted, alone, always_shown = told.T
    error = (assisted - blind) - (always_shown - alone)
    return {
        "studies": len(told),
        "alone": _mean(alone),
        "blind": _mean(blind),
        "blind_error": _mean(blind - alone),
        "assisted": _mean(assisted),
        "assisted_error": _mean(assisted - alone),
        "effect": _mean(always_shown - alone),
        "effect_error": _mean(error),
        "effect_spread": _spread(error),
    }


def _sum_up_error(measured: Floats, both_ways: Floats) -> dict[str, Any]:
    told = ~np.isnan(measured)
    return {
        "studies": int(told.sum()),
        "both_ways": _mean(both_ways[told]),
        "measured": _mean(measured[told]),
        "error": _mean((measured - both_ways)[told]),
        "spread": _spread((measured - both_ways)[told]),
    }


def _sum_up_split(values: Floats) -> dict[str, Any]:
    measured, both_ways, bca, jackknife_t = values.T
    return {
        **_sum_up_error(measured, both_ways),
        "bca": _mean(bca[~np.isnan(bca)]),
        "jackknife_t": _mean(jackknife_t[~np.isnan(jackknife_t)]),
    }


def _mean(values: Floats) -> list[float] | None:
    found = ratio_and_error(values, np.ones_like(values))
    return found and [round(each, 5) for each in found]


def _spread(values: Floats) -> float | None:
    return round(float(values.std()), 5) if len(values) else None


def _draw(
    title: str,
    keys: Sequence[str],
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Mapping[str, Any]],
) -> list[str]:
    widths = [max(len(key), 4) + 2 for key in keys]
    lines = ["", title, _join(keys, widths) + "".join(f"{name:>16}" for name, _ in columns)]
    for row in rows:
        cells = "".join(f"{_cell(row[column]):>16}" for _, column in columns)
        lines.append(_join([row[key] for key in keys], widths) + cells)
    return lines


def _join(cells: Sequence[object], widths: Sequence[int]) -> str:
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _cell(value: float | Sequence[float] | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else f"{value[0]:.3f} ({value[1]:.3f})"


if __name__ == "__main__":
    main()
