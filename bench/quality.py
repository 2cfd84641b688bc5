"""How well codes are proposed for held-out interviews: `python -m bench.quality DATA.csv`."""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bench.coded import CodedData, read_data
from bench.figures import (
    LEAST_POSITIVES,
    People,
    average_over_seeds,
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
    list_code_texts,
    propose_as_the_product,
    take_majority,
)
from bench.terminal import Report, one_line_errors, progress_bars
from bench.vectors import encode_once
from models.folds import IntArray
from study.settings import make_settings

PLAIN_ENCODER = "all-MiniLM-L6-v2"
CAUTION = "Quality on these data says little about other interviews, languages or codebooks."
TOO_FEW = f"No code has {LEAST_POSITIVES} positive excerpts: nothing is measured."
COLUMNS = {name: name for name in ("macro_f1", "kappa", "map", "hit1", "rec3", "seconds")}
PLACE_COLUMNS = {
    "kappa_in_place": "kappa_in_place",
    "share_of_left_out_pairwise": "its share",
    "kappa_left_out": "kappa_left_out",
    "share_of_left_out_majority": "its share",
}
WIDTH = 20
UNDEFINED = (
    "-: undefined, coders alike gave a code to all the excerpts that they share, or to none."
)
PLACES_EXPLAINED = (
    "In each coder's place in turn, over the measured codes and the excerpts of several coders.",
    "kappa_in_place: against each other coder in turn. kappa_left_out: against what at least half",
    "of the other coders gave. The share is of what the coders themselves reach there, over the",
    "same codes, coders and excerpts: where a coder and the others all gave a code, or all did",
    "not, kappa is undefined and the share counts neither side (kappa_in_place itself counts a",
    "method that differs from both). A method fitted to majorities can exceed 1.",
)


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
        folds = {
            seed: hold_out_interviews(data.groups, data.labels, seed=seed)
            for seed in range(n_seeds)
        }
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
    people = measure_people(data.ratings, codes)
    methods = list_methods(data, report=report)
    rows = {}
    for place, (name, method) in enumerate(methods.items()):
        report("Measuring", place, len(methods))
        rows[name] = measure_method(data, folds, codes, people, method)
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
        "themeloop": TimedMethod(propose_as_the_product(default), default.seconds),
    }


def measure_method(
    data: CodedData,
    folds: Mapping[int, IntArray],
    codes: list[int],
    people: People,
    method: TimedMethod,
) -> dict[str, object]:
    """Measure one method; seconds are for its vectors and the folds of one seed."""
    figures, seconds = [], []
    for dealt in folds.values():
        started = time.perf_counter()
        scores, given = run_folds(data, dealt, method.run)
        seconds.append(time.perf_counter() - started)
        figures.append(measure(data, scores, given, codes, people))
    taken = method.encoding_seconds + sum(seconds) / len(seconds)
    return average_over_seeds(figures) | {"seconds": round(taken, 2)}


def draw_table(figures: Mapping[str, Any]) -> str:
    """Draw the figures as tables of means with their range over the seeds."""
    lines = [
        f"{figures['data']}: {figures['interviews']} interviews, {figures['excerpts']} excerpts, "
        f"{figures['codes']} codes ({figures['codes_measured']} with {LEAST_POSITIVES} positives "
        f"or more), {figures['folds']} folds, {figures['seeds']} seeds",
        "",
        *_draw_rows(figures["methods"], COLUMNS),
        "Means over the seeds (lowest-highest). seconds: vectors and one seed's folds.",
        "",
        *_draw_places(figures["methods"], figures["human"]),
        "",
        figures["note"],
    ]
    return "\n".join(lines)


def _draw_places(methods: Mapping[str, Any], human: Mapping[str, Any] | None) -> Iterable[str]:
    if human is None:
        yield "people with each other: no excerpt has two coders, so no method can take one's place"
        return
    yield from _describe_coders(human)
    yield ""
    measured = human["measured_codes"]
    coders = {
        "kappa_in_place": measured["kappa"],
        "kappa_left_out": measured["left_out"]["kappa"],
        "range": {},
    }
    yield from _draw_rows({"coders": coders, **methods}, PLACE_COLUMNS)
    yield from PLACES_EXPLAINED


def _describe_coders(human: Mapping[str, Any]) -> Iterable[str]:
    left_out = human["left_out"]
    yield (
        f"people with each other, all codes: kappa {_figure(human['kappa'])}, "
        f"alpha {_figure(human['alpha'])} ({human['excerpts']} excerpts, {human['pairs']} pairs of "
        "coders)"
    )
    yield (
        f"one coder against the majority of the others, all codes: kappa "
        f"{_figure(left_out['kappa'])} ({left_out['excerpts']} excerpts, {left_out['coders']} "
        "coders)"
    )
    if human["kappa"] is None or left_out["kappa"] is None:
        yield UNDEFINED


def _draw_rows(rows: Mapping[str, Any], heads: Mapping[str, str]) -> Iterable[str]:
    yield f"{'':<11}" + "".join(f"{head:>{WIDTH}}" for head in heads.values())
    for name, row in rows.items():
        yield f"{name:<11}" + "".join(f"{_cell(row, column):>{WIDTH}}" for column in heads)


def _cell(row: Mapping[str, Any], column: str) -> str:
    if column == "seconds":
        return f"{row[column]:.1f}"
    span = row["range"].get(column)
    spread = f" ({span[0]:.2f}-{span[1]:.2f})" if span else ""
    return f"{_figure(row.get(column))}{spread}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
