"""Where cuts fall, against what people marked: `python -m bench.segment DATA.csv`."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from bench.cuts import (
    TARGETS,
    Material,
    cut_turns,
    list_methods,
    list_sentences,
    read_material,
    size_of,
)
from bench.processor import describe_processor
from bench.terminal import Report, one_line_errors, progress_bars
from bench.vectors import encode_once
from codebook.reader import read_codebook
from models import topics
from pipeline.linguistics import sentence_splitter
from pipeline.transcripts.coded_csv import read_coded_csv
from study.errors import InputError
from study.records import Span
from study.settings import make_settings
from study.transcripts import INTERVIEWER, PARTICIPANT
from study.turns import count_words

COLUMNS = ("excerpts", "words", "inside", "best", "excess", "excess_mean", "broken")
CAUTION = (
    "Spans as these coders marked them: whole rows of this file, so that they begin and end where "
    "its rows do. On these data, with this codebook."
)


@dataclass(frozen=True)
class Held:
    """How a span lies in the excerpts that it touches; shares of its own words."""

    is_inside: bool
    best: float
    excess: float


@click.command()
@click.argument("data_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--codebook",
    "codebook_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The codebook of the codings (YAML).",
)
@click.option("--encoder", default=make_settings({}).encoder, show_default=True)
@click.option("--language", default="en", show_default=True, help="Where the file does not say.")
@click.option("--sentence-pipeline", default="", help="An installed spaCy pipeline; none: rules.")
@click.option("--interviewer", "asking", multiple=True, help="Speaker that asks: is not cut.")
@click.option("--participant", "telling", multiple=True, help="Speaker that tells.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(
    data_file: Path,
    codebook_file: Path,
    encoder: str,
    language: str,
    sentence_pipeline: str,
    asking: tuple[str, ...],
    telling: tuple[str, ...],
    as_json: bool,
) -> None:
    """Cut the transcripts of DATA_FILE by every method and size; compare with people's spans."""
    roles = dict.fromkeys(asking, INTERVIEWER) | dict.fromkeys(telling, PARTICIPANT)
    with one_line_errors():
        interviews = read_coded_csv(data_file, read_codebook(codebook_file).by_key)
        materials = [
            read_material(each, roles, cache(sentence_splitter(language, sentence_pipeline)))
            for each in interviews
        ]
        if not any(each.spans for each in materials):
            raise InputError([f"{data_file.name}: no code was given: there is nothing to measure."])
        with progress_bars() as report:
            figures = measure_methods(materials, encoder, report=report)
    settings = {
        "data": data_file.stem,
        "processor": describe_processor(),
        "encoder": encoder,
        "sentences": f"{sentence_pipeline or 'rules'}, {language}",
        "roles": roles,
        "context_words": topics.CONTEXT_WORDS,
        "slack": topics.SLACK,
        "balance": topics.BALANCE,
    }
    figures = {"settings": settings} | figures
    click.echo(json.dumps(figures, indent=2) if as_json else draw_tables(figures))


def measure_methods(
    materials: Sequence[Material], encoder: str, *, report: Report
) -> dict[str, Any]:
    """Measure turns once, and every other method at every target size."""
    started = time.perf_counter()
    sentences = list_sentences(materials)
    splitting = time.perf_counter() - started
    vectors = encode_once(encoder, sentences or [""], report=report)
    rows: dict[str, list[dict[str, float]]] = {
        "turn": [measure(materials, [cut_turns(each) for each in materials])]
    }
    methods = list_methods(vectors)
    seconds = {"splitting": splitting, "encoding sentences": vectors.seconds}
    for place, (name, cut) in enumerate(methods.items()):
        report("Cutting", place, len(methods))
        started = time.perf_counter()
        rows[name] = [
            {"target": target}
            | measure(materials, [cut(each, size_of(target)) for each in materials])
            for target in TARGETS
        ]
        seconds[f"cutting, {name}"] = (time.perf_counter() - started) / len(TARGETS)
    report("Cutting", len(methods), len(methods))
    return {
        "interviews": len(materials),
        "words": int(sum(len(each.word_starts) for each in materials)),
        "spans": sum(len(each.spans) for each in materials),
        "sentences": len(sentences),
        "methods": rows,
        "inside_at_equal_words": match(rows, by="words", figure="inside"),
        "excess_mean_at_equal_inside": match(rows, by="inside", figure="excess_mean"),
        "seconds": {name: round(taken, 2) for name, taken in seconds.items()},
        "note": CAUTION,
    }


def measure(materials: Sequence[Material], cuts: Sequence[list[Span]]) -> dict[str, float]:
    """Measure how the spans lie in the excerpts.

    Returns:
        words: Mean of an excerpt. inside: Share of spans that lie in one excerpt. best: Mean share
        of a span's words in the excerpt that holds most of it. excess: Words around the span in the
        excerpts it touches, for each word of it; median and mean. broken: Share of the cuts within
        a stretch that go through a span.
    """
    sizes: list[int] = []
    broken: list[bool] = []
    held: list[Held] = []
    for material, excerpts in zip(materials, cuts, strict=True):
        starts = np.array([excerpt.start_char for excerpt in excerpts], dtype=np.int64)
        ends = np.array([excerpt.end_char for excerpt in excerpts], dtype=np.int64)
        sizes += material.count(starts, ends).tolist()
        broken += _find_broken(material, excerpts)
        held += [_hold(material, span, starts, ends) for span in material.spans]
    return {
        "excerpts": len(sizes),
        "words": _mean(sizes),
        "inside": _mean([one.is_inside for one in held]),
        "best": _mean([one.best for one in held]),
        "excess": round(float(np.median([one.excess for one in held])), 3),
        "excess_mean": _mean([one.excess for one in held]),
        "broken": _mean(broken),
    }


def match(
    rows: Mapping[str, list[dict[str, float]]], *, by: str, figure: str
) -> list[dict[str, float]]:
    """Read one figure of every method where another is equal; long excerpts hold more of anything.

    Between the sizes that were measured, the curve is taken to be straight.
    """
    curves = {
        name: sorted((row[by], row[figure]) for row in curve)
        for name, curve in rows.items()
        if len(curve) > 1
    }
    lowest = max(curve[0][0] for curve in curves.values())
    highest = min(curve[-1][0] for curve in curves.values())
    return [
        {by: round(float(value), 3)}
        | {name: round(float(np.interp(value, *_axes(curve))), 3) for name, curve in curves.items()}
        for value in np.linspace(lowest, highest, 5)
        if lowest < highest
    ]


def draw_tables(figures: Mapping[str, Any]) -> str:
    """Draw the curve of each method, then all methods at the same lengths."""
    settings = figures["settings"]
    lines = [
        f"{settings['data']}: {figures['interviews']} interviews, {figures['words']} words, "
        f"{figures['spans']} human spans; {settings['processor']}",
        ", ".join(f"{key} {value}" for key, value in settings.items() if key not in _IN_TITLE),
        "",
        f"{'':<10}{'target':>8}" + "".join(f"{name:>13}" for name in COLUMNS),
    ]
    for name, rows in figures["methods"].items():
        for row in rows:
            cells = "".join(f"{row[column]:>13.5g}" for column in COLUMNS)
            lines.append(f"{name:<10}{row.get('target', '-'):>8}{cells}")
    lines += _draw_match("Share inside one excerpt", figures["inside_at_equal_words"])
    lines += _draw_match("Mean excess", figures["excess_mean_at_equal_inside"])
    seconds = ", ".join(f"{name} {taken}" for name, taken in figures["seconds"].items())
    return "\n".join([*lines, "", f"seconds: {seconds}", figures["note"]])


_IN_TITLE = ("data", "processor")


def _hold(
    material: Material, span: Span, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> Held:
    first = np.searchsorted(ends, span.start_char, side="right")
    touched = slice(first, np.searchsorted(starts, span.end_char))
    starts, ends = starts[touched], ends[touched]
    n_words = material.count(starts, ends)
    n_shared = material.count(np.maximum(starts, span.start_char), np.minimum(ends, span.end_char))
    n_own = count_words(material.text, span)
    return Held(
        is_inside=bool(np.any((starts <= span.start_char) & (ends >= span.end_char))),
        best=int(n_shared.max(initial=0)) / n_own,
        excess=int((n_words - n_shared).sum()) / n_own,
    )


def _find_broken(material: Material, excerpts: Sequence[Span]) -> list[bool]:
    opened = {span.start_char for span in cut_turns(material)}
    return [
        any(span.start_char < excerpt.start_char < span.end_char for span in material.spans)
        for excerpt in excerpts
        if excerpt.start_char not in opened
    ]


def _axes(curve: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in curve], [y for _, y in curve]


def _draw_match(what: str, rows: Sequence[Mapping[str, float]]) -> list[str]:
    if not rows:
        return ["", f"{what}: the methods have no range in common."]
    by, *names = rows[0]
    head = f"{by:>10}" + "".join(f"{name:>12}" for name in names)
    return [
        "",
        f"{what} at equal {by}",
        head,
        *(f"{row[by]:>10.4g}" + "".join(f"{row[name]:>12.3f}" for name in names) for row in rows),
    ]


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 3) if values else 0.0


if __name__ == "__main__":
    main()
