"""How well codes are proposed for held-out interviews: `python -m bench.quality DATA.csv`."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from bench.coded import CodedData, read_data
from bench.curve import measure_curve, relate_to_full
from bench.descriptions import list_code_texts
from bench.figures import (
    LEAST_POSITIVES,
    OutOfFold,
    People,
    average,
    describe_people,
    measure,
    measure_people,
    measured_codes,
    run_folds,
)
from bench.folds import hold_out_interviews, write_folds
from bench.methods import (
    Method,
    compare_descriptions,
    embed_plainly,
    fit_tfidf,
    propose_as_the_product,
    take_majority,
)
from bench.probabilities import count_choices, describe_reliability, measure_calibration
from bench.tables import draw_table
from bench.terminal import Report, one_line_errors, progress_bars
from bench.vectors import encode_once
from models.folds import IntArray
from study.settings import make_settings

PLAIN_ENCODER = "all-MiniLM-L6-v2"
PRODUCT = "themeloop"
CAUTION = "Quality on these data says little about other interviews, languages or codebooks."
TOO_FEW = f"No code has {LEAST_POSITIVES} positive excerpts: nothing is measured."


@dataclass(frozen=True)
class TimedMethod:
    """A method, how long the vectors that it needs took, and whether it gives probabilities."""

    run: Method
    encoding_seconds: float = 0.0
    has_probabilities: bool = False


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
@click.option(
    "--draws",
    "n_draws",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Draws of coded interviews for each point of the learning curve.",
)
@click.option("--curve/--no-curve", "has_curve", default=True, help="The learning curve or not.")
def main(
    data_file: Path,
    codebook_file: Path,
    as_json: bool,
    n_seeds: int,
    folds_file: Path | None,
    n_draws: int,
    has_curve: bool,
) -> None:
    """Measure every method on DATA_FILE, one row per excerpt and coder, by held-out interview."""
    with one_line_errors():
        data = read_data(data_file, codebook_file)
        folds = {
            seed: hold_out_interviews(data.groups, data.labels, seed=seed)
            for seed in range(n_seeds)
        }
        if folds_file:
            write_folds(folds_file, data.interviews, folds)
        with progress_bars() as report:
            figures = measure_methods(
                data, folds, n_draws=n_draws if has_curve else 0, report=report
            )
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def measure_methods(
    data: CodedData, folds: Mapping[int, IntArray], *, n_draws: int, report: Report
) -> dict[str, Any]:
    """Measure people with each other and each method on each seed's folds.

    Args:
        n_draws: Of coded interviews for each point of the product's learning curve; 0 for none.
    """
    codes = measured_codes(data.labels)
    people = measure_people(data.ratings, codes)
    methods = list_methods(data, report=report)
    rows = {}
    for place, (name, method) in enumerate(methods.items()):
        report("Measuring", place, len(methods))
        rows[name] = measure_method(data, folds, codes, people, method)
    report("Measuring", len(methods), len(methods))
    if n_draws:
        product = methods[PRODUCT].run
        points = measure_curve(data, product, codes, n_draws=n_draws, report=report)
        rows[PRODUCT]["curve"] = relate_to_full(points, rows[PRODUCT]["map"])
    return {
        "data": data.name,
        "excerpts": len(data.texts),
        "interviews": len(set(data.interviews)),
        "groups": len(set(data.groups)),
        "codes": len(data.codebook.codes),
        "codes_measured": len(codes),
        "coders": len(data.ratings),
        "folds": max(int(dealt.max()) + 1 for dealt in folds.values()),
        "seeds": len(folds),
        "human": describe_people(data.ratings, people),
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
        PRODUCT: TimedMethod(propose_as_the_product(default), default.seconds, True),
    }


def measure_method(
    data: CodedData,
    folds: Mapping[int, IntArray],
    codes: list[int],
    people: People,
    method: TimedMethod,
) -> dict[str, object]:
    """Measure one method; seconds are for its vectors and the folds of the first seed."""
    outcomes, figures, seconds = [], [], []
    for dealt in folds.values():
        started = time.perf_counter()
        outcome = run_folds(data, dealt, method.run)
        seconds.append(time.perf_counter() - started)
        outcomes.append(outcome)
        measured = measure(data, outcome.scores, outcome.given, codes, people)
        calibration = measure_calibration(data.labels, outcome) if method.has_probabilities else {}
        figures.append(asdict(measured) | calibration)
    # What is done once a data set is done for the first seed.
    row = average(figures) | {"seconds": round(method.encoding_seconds + seconds[0], 2)}
    return row | _describe_probabilities(data, outcomes) if method.has_probabilities else row


def _describe_probabilities(data: CodedData, outcomes: Sequence[OutOfFold]) -> dict[str, object]:
    return {
        "reliability": describe_reliability(data.labels, outcomes),
        "methods_chosen": count_choices([code.key for code in data.codebook.codes], outcomes),
    }


if __name__ == "__main__":
    main()
