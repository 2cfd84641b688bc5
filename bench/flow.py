"""What a run costs beside bare splitting and encoding: `python -m bench.flow`."""

import json
import os
import shutil
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from bench.growth import measure_growth
from bench.made_talk import DRAWN, fill_inbox, make_talk_study, take_in_all
from bench.processor import describe_processor
from bench.recorder import read_record
from bench.sides import run_side
from bench.terminal import Report, one_line_errors, progress_bars
from pipeline.server import find_free_port, prefect_environment, prefect_server
from study.errors import StudyError
from study.folder import open_study

# What the founding study has.
N_INTERVIEWS, N_WORDS = 22, 9_000
SMALL_INTERVIEWS, SMALL_WORDS = 3, 1_500
Json = dict[str, Any]
NOTE = (
    f"{DRAWN} Each side in a fresh process from its first import, in turns. bare: the same "
    "sentences split and the same texts encoded in the same batches, without a database. The "
    "interviews were added before; ratio_with_adding counts that, too. ratio is the flow with a "
    "Prefect server, ratio_without_prefect the same less an empty flow, ratio_plain plain calls."
)


@dataclass(frozen=True)
class Sides:
    """The seconds of each side, round by round, and what the runs encoded."""

    plain: list[float]
    flow: list[float]
    bare: list[float]
    empty: list[float]
    is_same: bool
    n_texts: int
    n_sentences: int


@click.command()
@click.option("--interviews", type=click.IntRange(min=1), default=N_INTERVIEWS, show_default=True)
@click.option("--words", type=click.IntRange(min=200), default=N_WORDS, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=1, show_default=True)
@click.option(
    "--small-interviews",
    type=click.IntRange(min=1),
    default=SMALL_INTERVIEWS,
    show_default=True,
    help="Ten times as many are compared with so many.",
)
@click.option(
    "--small-words",
    type=click.IntRange(min=200),
    default=SMALL_WORDS,
    show_default=True,
    help="Words of each of these.",
)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(
    interviews: int,
    words: int,
    rounds: int,
    small_interviews: int,
    small_words: int,
    seed: int,
    as_json: bool,
) -> None:
    """Time suggest_themes on drawn interviews, and bare splitting and encoding of the same."""
    with (
        one_line_errors(),
        progress_bars() as report,
        TemporaryDirectory(prefix="themeloop-bench-") as folder,
    ):
        figures = measure_flow(
            Path(folder) / "flow",
            n_interviews=interviews,
            n_words=words,
            n_rounds=rounds,
            seed=seed,
            report=report,
        )
        figures |= measure_growth(
            Path(folder) / "growth",
            n_interviews=small_interviews,
            n_words=small_words,
            seed=seed,
            report=report,
        )
    figures |= {"processor": describe_processor(), "note": NOTE}
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def measure_flow(
    folder: Path, *, n_interviews: int, n_words: int, n_rounds: int, seed: int, report: Report
) -> Json:
    """Let the sides take turns on copies of one study to which interviews were added."""
    place = folder / "added"
    make_talk_study(place).database.close()
    fill_inbox(
        place,
        n_interviews=n_interviews,
        n_words=n_words,
        seed=seed,
        prefix="talk",
        report=report,
    )
    added_s = take_in_all(place, report=report)
    sides = take_turns(folder, place, n_rounds=n_rounds, report=report)
    return {
        "interviews": n_interviews,
        "words_each": n_words,
        "rounds": n_rounds,
        "sentences": sides.n_sentences,
        "texts_encoded": sides.n_texts,
        "same_texts": sides.is_same,
        **_compare(sides, added_s),
    }


def take_turns(folder: Path, place: Path, *, n_rounds: int, report: Report) -> Sides:
    """Run every side once a round; the order turns round, so that none is always first.

    Raises:
        StudyError: A run did not queue every interview.
    """
    study = open_study(place)
    port = find_free_port(study.settings.prefect_port)
    environment = {**os.environ, **prefect_environment(study, port)}
    study.database.close()
    sides = Sides([], [], [], [], is_same=True, n_texts=0, n_sentences=0)
    with prefect_server(study, port):
        for number in range(n_rounds):
            report("Rounds", number, n_rounds)
            sides = _play_round(folder, place, environment, sides)
    report("Rounds", n_rounds, n_rounds)
    return sides


def _play_round(folder: Path, place: Path, environment: Mapping[str, str], sides: Sides) -> Sides:
    order = ("plain", "flow") if len(sides.plain) % 2 == 0 else ("flow", "plain")
    runs = {name: _run_copy(name, folder, place, environment) for name in order}
    bare = run_side("bare", folder / "plain.json", environment=os.environ)
    empty = run_side("empty", environment=environment)
    records = [read_record(folder / f"{name}.json") for name in order]
    # Where the settings let several interviews be done at once they end in another order.
    texts = [sorted(call.texts for call in record.encoded) for record in records]
    return Sides(
        plain=[*sides.plain, runs["plain"]["seconds"]],
        flow=[*sides.flow, runs["flow"]["seconds"]],
        bare=[*sides.bare, bare["seconds"]],
        empty=[*sides.empty, empty["seconds"]],
        is_same=sides.is_same and texts[0] == texts[1],
        n_texts=records[0].n_texts,
        n_sentences=bare["n_sentences"],
    )


def _run_copy(name: str, folder: Path, place: Path, environment: Mapping[str, str]) -> Json:
    copy = folder / name
    shutil.copytree(place, copy, ignore=shutil.ignore_patterns(".prefect"))
    (copy / ".prefect").mkdir()
    found = run_side(name, copy, folder / f"{name}.json", environment=environment)
    shutil.rmtree(copy)
    if found["n_set_aside"]:
        raise StudyError(f"The side '{name}' set {found['n_set_aside']} interviews aside.")
    return found


def _compare(sides: Sides, added_s: float) -> Json:
    flow_s, plain_s, bare_s, prefect_s = (
        statistics.median(seconds) for seconds in (sides.flow, sides.plain, sides.bare, sides.empty)
    )
    ratios = [flow / bare for flow, bare in zip(sides.flow, sides.bare, strict=True)]
    return {
        "ratio": round(statistics.median(ratios), 3),
        "ratio_range": [round(min(ratios), 3), round(max(ratios), 3)],
        "ratio_without_prefect": round((flow_s - prefect_s) / bare_s, 3),
        "ratio_plain": round(plain_s / bare_s, 3),
        "ratio_with_adding": round((flow_s + added_s) / bare_s, 3),
        "flow_s": round(flow_s, 2),
        "plain_s": round(plain_s, 2),
        "bare_s": round(bare_s, 2),
        "prefect_s": round(prefect_s, 2),
        "adding_s": round(added_s, 2),
    }


def draw_table(figures: Json) -> str:
    """Draw the figures for people."""
    return "\n".join(f"{name:<24}{value}" for name, value in figures.items())


if __name__ == "__main__":
    main()
