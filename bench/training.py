"""How long training and judging take, against plain regressions: `python -m bench.training`."""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from bench.coded import number_labels, read_data
from bench.descriptions import list_code_texts, score_descriptions
from bench.learning import SEED, compare_excerpts, list_passages
from bench.processor import describe_processor
from bench.terminal import Report, one_line_errors, progress_bars
from bench.vectors import encode_once
from models.agreement import BoolArray
from models.baselines import score_by_regression
from models.folds import make_folds, split_by_fold
from models.labels import Labels
from models.passages import IntArray, Passages
from models.training import train
from models.vectors import FloatArray, unit_rows
from study.settings import make_settings

MADE = "Made excerpts: words, vectors and codes are drawn at random. Seconds only, no quality."
# What made excerpts are like: as many words as AnnoMI's, as many an interview as an hour gives.
N_WORDS, VOCABULARY, DIM, PER_INTERVIEW = 20, 8_000, 384, 120
PREVALENCES = (0.01, 0.2)


@dataclass(frozen=True)
class Material:
    """Excerpts with their codes; similarity and given are (n_excerpts, n_codes)."""

    passages: Passages
    groups: IntArray
    given: BoolArray
    similarity: FloatArray


@click.command()
@click.option("--excerpts", "n_excerpts", type=click.IntRange(200), default=10_000)
@click.option("--codes", "n_codes", type=click.IntRange(1), default=22, show_default=True)
@click.option(
    "--data",
    "data_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A coded CSV to train on instead of made excerpts.",
)
@click.option(
    "--codebook",
    "codebook_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The codebook of that file (YAML).",
)
@click.option("--rounds", "n_rounds", type=click.IntRange(1), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(
    n_excerpts: int,
    n_codes: int,
    data_file: Path | None,
    codebook_file: Path | None,
    n_rounds: int,
    as_json: bool,
) -> None:
    """Train and judge by five folds, then on everything: the product, and plain regressions."""
    if (data_file is None) != (codebook_file is None):
        raise click.UsageError("--data and --codebook go together: give both or neither.")
    with one_line_errors(), progress_bars() as report:
        if data_file and codebook_file:
            material = read_material(data_file, codebook_file, report=report)
        else:
            material = make_material(n_excerpts, n_codes, seed=SEED)
        figures = measure_training(material, n_rounds=n_rounds, report=report)
    figures |= {"data": data_file.stem if data_file else "made", "note": "" if data_file else MADE}
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def read_material(data_file: Path, codebook_file: Path, *, report: Report) -> Material:
    """Read a coded file, with the product's vectors."""
    data = read_data(data_file, codebook_file)
    texts = [*data.texts, *list_code_texts(data)]
    vectors = encode_once(make_settings({}).encoder, texts, report=report)
    rows = np.arange(len(data.texts))
    similarity = score_descriptions(data, rows, rows, vectors)
    groups = number_labels(data.groups)
    return Material(list_passages(data, vectors), groups, data.labels, similarity)


def make_material(n_excerpts: int, n_codes: int, *, seed: int) -> Material:
    """Make excerpts that are somewhat like their codes: words by rank, vectors by direction."""
    rng = np.random.default_rng(seed)
    interviews = np.arange(n_excerpts) // PER_INTERVIEW
    given = rng.random((n_excerpts, n_codes)) < np.geomspace(*PREVALENCES, n_codes)
    directions = rng.normal(size=(n_codes, DIM)) * 0.7
    vectors = unit_rows(
        (rng.normal(size=(n_excerpts, DIM)) + given @ directions).astype(np.float32)
    )
    similarity = (given + rng.normal(size=given.shape)).astype(np.float32)
    roles = (np.arange(n_excerpts) % 2).astype(np.int64)
    passages = Passages(_make_texts(rng, given), vectors, interviews, roles)
    return Material(passages, interviews, given, similarity)


def measure_training(material: Material, *, n_rounds: int, report: Report) -> dict[str, Any]:
    """Time both in turns; give medians over the rounds, and the ratio of each round."""
    rounds = []
    for number in range(n_rounds):
        report("Training in turns", number, n_rounds)
        rounds.append(_time_product(material) | {"regressions": _time(_regress, material)})
    report("Training in turns", n_rounds, n_rounds)
    ratios = [each["themeloop"] / each["regressions"] for each in rounds]
    return {
        "excerpts": len(material.passages),
        "codes": material.given.shape[1],
        "groups": len(np.unique(material.groups)),
        "processor": describe_processor(),
        "rounds": n_rounds,
        "seconds": {
            name: round(statistics.median(each[name] for each in rounds), 2) for name in rounds[0]
        },
        "ratio": round(statistics.median(ratios), 2),
        "ratio_range": [round(min(ratios), 2), round(max(ratios), 2)],
    }


def draw_table(figures: Mapping[str, Any]) -> str:
    """Draw the seconds of each part."""
    seconds = figures["seconds"]
    return "\n".join(
        [
            f"{figures['data']}: {figures['excerpts']} excerpts, {figures['codes']} codes, "
            f"{figures['groups']} groups; {figures['processor']}; {figures['rounds']} rounds",
            "",
            *(f"{name:<14}{value:>10.1f} s" for name, value in seconds.items()),
            "ratio         {:>10.2f} ({:.2f}-{:.2f})".format(
                figures["ratio"], *figures["ratio_range"]
            ),
            "comparing: features, and all excerpts with one another. training: five folds, and one",
            "fit on everything. themeloop: both. regressions: one for each code on the vectors,",
            "the same folds and one fit on everything. ratio: themeloop over regressions.",
            *filter(None, [figures["note"]]),
        ]
    )


def _time_product(material: Material) -> dict[str, float]:
    started = time.perf_counter()
    compared = compare_excerpts(material.passages, material.groups)
    between = time.perf_counter()
    labels = Labels(
        material.given.astype(np.float32),
        np.ones(material.given.shape, dtype=np.bool_),
        np.ones(len(material.given)),
        material.groups,
    )
    train(compared, labels, material.similarity, seed=SEED)
    ended = time.perf_counter()
    return {
        "comparing": between - started,
        "training": ended - between,
        "themeloop": ended - started,
    }


def _regress(material: Material) -> None:
    vectors, given = material.passages.vectors, material.given
    # The folds that training deals.
    folds = make_folds([str(group) for group in material.groups], given, seed=SEED)
    for learnt, held_out in split_by_fold(folds):
        score_by_regression(vectors[learnt], given[learnt], vectors[held_out])
    score_by_regression(vectors, given, vectors[:1])


def _time(work: Callable[[Material], None], material: Material) -> float:
    started = time.perf_counter()
    work(material)
    return time.perf_counter() - started


def _make_texts(rng: np.random.Generator, given: BoolArray) -> tuple[str, ...]:
    # As in any language, the word of rank r is said about 1/r as often as the first.
    shares = 1 / np.arange(1, VOCABULARY + 1)
    words = rng.choice(VOCABULARY, size=(len(given), N_WORDS), p=shares / shares.sum())
    return tuple(
        " ".join(
            [*(f"w{word}" for word in of_excerpt), *(f"code{code}" for code in np.flatnonzero(has))]
        )
        for of_excerpt, has in zip(words, given, strict=True)
    )


if __name__ == "__main__":
    main()
