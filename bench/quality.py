"""How well codes are proposed for held-out interviews: `python -m bench.quality DATA.csv`."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bench.coded import CodedData, read_data
from bench.figures import (
    LEAST_POSITIVES,
    average_over_seeds,
    measure,
    measured_codes,
    run_folds,
)
from bench.folds import IntArray, make_folds, write_folds
from bench.methods import (
    Method,
    compare_descriptions,
    embed_plainly,
    fit_tfidf,
    list_code_texts,
    propose_as_the_product,
    take_majority,
)
from bench.terminal import Report, one_line_errors, progress_bars
from bench.vectors import encode_once
from models.agreement import human_agreement
from study.settings import make_settings

PLAIN_ENCODER = "all-MiniLM-L6-v2"
CAUTION = "Quality on these data says little about other interviews, languages or codebooks."
TOO_FEW = f"No code has {LEAST_POSITIVES} positive excerpts: nothing is measured."
COLUMNS = ("macro_f1", "kappa", "map", "hit1", "rec3", "kappa_in_place", "seconds")


@dataclass(frozen=True)
class TimedMethod:
    """A method, and how long the vectors that it needs took."""

    run: Method
    encoding_seconds: float = 0.0


@click.command()
@click.argument("data_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--codebook",
    "codebook_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The codebook of the codings (YAML).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--seeds", "n_seeds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option(
    "--folds",
    "folds_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write each interview's fold to this CSV.",
)
def main(
    data_file: Path, codebook_file: Path, as_json: bool, n_seeds: int, folds_file: Path | None
) -> None:
    """Measure every method on DATA_FILE, one row per excerpt and coder, by held-out interview."""
    with one_line_errors():
        data = read_data(data_file, codebook_file)
        folds = {seed: make_folds(data.groups, data.labels, seed=seed) for seed in range(n_seeds)}
        if folds_file:
            write_folds(folds_file, data.interviews, folds)
        with progress_bars() as report:
            figures = measure_methods(data, folds, report=report)
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def measure_methods(
    data: CodedData, folds: Mapping[int, IntArray], *, report: Report
) -> dict[str, Any]:
    """Measure people with each other and each method on each seed's folds."""
    codes = measured_codes(data.labels)
    human = human_agreement(data.ratings)
    methods = list_methods(data, report=report)
    rows = {}
    for place, (name, method) in enumerate(methods.items()):
        report("Measuring", place, len(methods))
        rows[name] = measure_method(data, folds, codes, method)
    report("Measuring", len(methods), len(methods))
    return {
        "data": data.name,
        "excerpts": len(data.texts),
        "interviews": len(set(data.interviews)),
        "codes": len(data.codebook.codes),
        "codes_measured": len(codes),
        "coders": len(data.ratings),
        "folds": max(int(dealt.max()) + 1 for dealt in folds.values()),
        "seeds": len(folds),
        "human": human
        and {
            "kappa": _rounded(human.kappa),
            "alpha": _rounded(human.alpha),
            "excerpts": human.n_excerpts,
            "pairs": human.n_pairs,
        },
        "methods": rows,
        "note": CAUTION if codes else f"{TOO_FEW} {CAUTION}",
    }


def list_methods(data: CodedData, *, report: Report) -> dict[str, TimedMethod]:
    """Give every method with the vectors that it needs, each distinct text encoded once."""
    plain = encode_once(PLAIN_ENCODER, data.texts, report=report)
    texts = [*data.texts, *list_code_texts(data)]
    default = encode_once(make_settings({}).encoder, texts, report=report)
    return {
        "majority": TimedMethod(take_majority),
        "tfidf": TimedMethod(fit_tfidf),
        "embedding": TimedMethod(embed_plainly(plain), plain.seconds),
        "similarity": TimedMethod(compare_descriptions(default), default.seconds),
        "themeloop": TimedMethod(propose_as_the_product(default), default.seconds),
    }


def measure_method(
    data: CodedData, folds: Mapping[int, IntArray], codes: list[int], method: TimedMethod
) -> dict[str, object]:
    """Measure one method; seconds are for its vectors and the folds of one seed."""
    figures, seconds = [], []
    for dealt in folds.values():
        started = time.perf_counter()
        scores, given = run_folds(data, dealt, method.run)
        seconds.append(time.perf_counter() - started)
        figures.append(measure(data, scores, given, codes))
    taken = method.encoding_seconds + sum(seconds) / len(seconds)
    return average_over_seeds(figures) | {"seconds": round(taken, 2)}


def draw_table(figures: Mapping[str, Any]) -> str:
    """Draw the figures as a table of means with their range over the seeds."""
    lines = [
        f"{figures['data']}: {figures['interviews']} interviews, {figures['excerpts']} excerpts, "
        f"{figures['codes']} codes ({figures['codes_measured']} with {LEAST_POSITIVES} positives "
        f"or more), {figures['folds']} folds, {figures['seeds']} seeds",
        _human_line(figures["human"]),
        "",
        f"{'':<11}" + "".join(f"{name:>17}" for name in COLUMNS),
    ]
    for name, row in figures["methods"].items():
        lines.append(f"{name:<11}" + "".join(f"{_cell(row, column):>17}" for column in COLUMNS))
    explained = (
        "",
        "Means over the seeds (lowest-highest). kappa_in_place: with the coders, in each coder's "
        "place in turn,",
        "on the excerpts of several coders; compare it with people's kappa. seconds: vectors and "
        "one seed's folds.",
        figures["note"],
    )
    return "\n".join([*lines, *explained])


def _human_line(human: Mapping[str, Any] | None) -> str:
    if human is None:
        return "people with each other: no excerpt has two coders"
    return (
        f"people with each other: kappa {_figure(human['kappa'])}, alpha {_figure(human['alpha'])} "
        f"({human['excerpts']} excerpts, {human['pairs']} pairs of coders)"
    )


def _cell(row: Mapping[str, Any], column: str) -> str:
    if column == "seconds":
        return f"{row[column]:.1f}"
    span = row["range"].get(column)
    return f"{_figure(row[column])} ({span[0]:.2f}-{span[1]:.2f})" if span else "-"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


if __name__ == "__main__":
    main()
