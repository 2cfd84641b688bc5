"""Codes a set again as if suggested, interview by interview: `python -m bench.replay DATA.csv`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from bench.coded import CodedData, number_labels, read_data
from bench.descriptions import list_code_texts
from bench.methods import Method, Outcome, Split, propose_as_the_product
from bench.pictures import draw_replays
from bench.simulation import draw_blind
from bench.terminal import Report, one_line_errors, progress_bars
from bench.vectors import encode_once
from models.agreement import BoolArray
from models.passages import IntArray
from study.errors import InputError
from study.settings import make_settings

# So many interviews are learnt from one by one; of more, after these.
MOST_ONE_BY_ONE = 24
LEARNT_AFTER = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
# What is counted in each interview, and the shares made of it: (of these, of how many).
COUNTED = ("excerpts", "with_suggestion", "first_right", "suggested", "right", "given")
SHARES = {
    "first_accepted": ("first_right", "with_suggestion"),
    "suggestions_accepted": ("right", "suggested"),
    "codes_suggested": ("right", "given"),
    "excerpts_with_suggestion": ("with_suggestion", "excerpts"),
}
CAUTION = (
    "The coders of these data saw no suggestions: accepted means that they gave the code. Where "
    "suggestions are on the screen, more may be accepted than would be given without them."
)


@dataclass(frozen=True)
class Stretch:
    """The interviews, by place in the order, that one training proposes for; end excluded."""

    start: int
    end: int


@click.command()
@click.argument("data_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--codebook",
    "codebook_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The codebook of the codings (YAML).",
)
@click.option("--draws", "n_draws", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--picture",
    "picture_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Draw it as SVG into this file.",
)
def main(
    data_file: Path,
    codebook_file: Path,
    n_draws: int,
    seed: int,
    as_json: bool,
    picture_file: Path | None,
) -> None:
    """Replay the codings of DATA_FILE in drawn orders, with what the product would propose."""
    with one_line_errors():
        data = read_data(data_file, codebook_file)
        with progress_bars() as report:
            texts = [*data.texts, *list_code_texts(data)]
            vectors = encode_once(make_settings({}).encoder, texts, report=report)
            method = propose_as_the_product(vectors)
            figures = replay_codings(data, method, n_draws=n_draws, seed=seed, report=report)
        if picture_file:
            _write(picture_file, draw_replays([figures]))
    click.echo(json.dumps(figures, indent=2) if as_json else draw_table(figures))


def replay_codings(
    data: CodedData, method: Method, *, n_draws: int, seed: int, report: Report
) -> dict[str, Any]:
    """Replay the codings in several orders of the interviews."""
    n_interviews = len(set(data.interviews))
    stretches = list_stretches(n_interviews)
    rate = make_settings({}).blind_rate
    counts = []
    for number in range(n_draws):
        report("Replaying", number, n_draws)
        rng = np.random.default_rng([seed, number])
        counts.append(_replay_once(data, method, stretches, rng, rate))
    report("Replaying", n_draws, n_draws)
    by_stretch = np.add.reduceat(counts, [each.start for each in stretches], axis=1)
    return {
        "data": data.name,
        "excerpts": len(data.texts),
        "interviews": n_interviews,
        "codes": len(data.codebook.codes),
        "draws": n_draws,
        "seed": seed,
        "blind_rate": rate,
        "learnt_after": [each.start for each in stretches],
        "stretches": [
            {"learnt_from": each.start, "to": each.end, **_summarise(by_stretch[:, place])}
            for place, each in enumerate(stretches)
        ],
        "positions": [
            {"interview": place + 1, **_summarise(of_place)}
            for place, of_place in enumerate(np.swapaxes(counts, 0, 1))
        ],
        "note": CAUTION,
    }


def list_stretches(n_interviews: int) -> list[Stretch]:
    """List what each training proposes for; of many interviews not every one is learnt from."""
    one_by_one = n_interviews <= MOST_ONE_BY_ONE
    starts = range(n_interviews) if one_by_one else LEARNT_AFTER
    kept = [start for start in starts if start < n_interviews]
    return [Stretch(*ends) for ends in zip(kept, [*kept[1:], n_interviews], strict=True)]


def draw_table(figures: Mapping[str, Any]) -> str:
    """Draw the shares after so many coded interviews, with their range over the draws."""
    lines = [
        f"{figures['data']}: {figures['interviews']} interviews, {figures['excerpts']} excerpts, "
        f"{figures['codes']} codes, {figures['draws']} draws",
        "",
        f"{'learnt from':<13}" + "".join(f"{name:>26}" for name in SHARES),
    ]
    for each in figures["stretches"]:
        cells = "".join(f"{_cell(each, name):>26}" for name in SHARES)
        lines.append(f"{each['learnt_from']:<13}{cells}")
    return "\n".join([*lines, "Means over the draws (lowest-highest).", "", figures["note"]])


def _replay_once(
    data: CodedData,
    method: Method,
    stretches: Sequence[Stretch],
    rng: np.random.Generator,
    rate: float,
) -> NDArray[np.int64]:
    """Count in each interview, in the order drawn, (n_interviews, n_counted)."""
    interviews = number_labels(data.interviews)
    lengths = np.bincount(interviews)
    is_blind = np.zeros(len(interviews), dtype=np.bool_)
    is_blind[np.argsort(interviews, kind="stable")] = draw_blind(rng, lengths, rate=rate)
    place = np.argsort(rng.permutation(len(lengths)))[interviews]
    counts = np.zeros((len(lengths), len(COUNTED)), dtype=np.int64)
    for each in stretches:
        train = np.flatnonzero(place < each.start)
        test = np.flatnonzero((place >= each.start) & (place < each.end))
        outcome = method(data, Split(train, test, data.labels[train]))
        # What is drawn blind is coded without suggestions: nothing of it can be accepted.
        shown = _count(outcome, data.labels[test]) * ~is_blind[test, None]
        np.add.at(counts, place[test], shown)
    return counts


def _count(outcome: Outcome, labels: BoolArray) -> IntArray:
    """Count in each excerpt what COUNTED names, (n_excerpts, n_counted)."""
    given = np.zeros_like(labels) if outcome.given is None else outcome.given
    first = np.argmax(np.where(given, outcome.scores, -np.inf), axis=1)
    has_suggestion = given.any(axis=1)
    is_first_right = has_suggestion & labels[np.arange(len(labels)), first]
    columns = [
        np.ones(len(labels), dtype=np.int64),
        has_suggestion,
        is_first_right,
        given.sum(axis=1),
        (given & labels).sum(axis=1),
        labels.sum(axis=1),
    ]
    return np.stack(columns, axis=1).astype(np.int64)


def _summarise(counts: NDArray[np.int64]) -> dict[str, Any]:
    """Give the mean and the range over the draws of each share; counts are (n_draws, n_counted)."""
    by_name = dict(zip(COUNTED, counts.T, strict=True))
    shares = {
        name: [
            part / whole for part, whole in zip(by_name[of], by_name[among], strict=True) if whole
        ]
        for name, (of, among) in SHARES.items()
    }
    means = {
        name: round(float(np.mean(each)), 4) if each else None for name, each in shares.items()
    }
    spans = {
        name: [round(float(min(each)), 4), round(float(max(each)), 4)]
        for name, each in shares.items()
        if each
    }
    return means | {"range": spans}


def _cell(row: Mapping[str, Any], name: str) -> str:
    if row[name] is None:
        return "-"
    low, high = row["range"][name]
    return f"{row[name]:.2f} ({low:.2f}-{high:.2f})"


def _write(path: Path, svg: str) -> None:
    try:
        path.write_text(svg, encoding="utf-8")
    except OSError as error:
        raise InputError(
            [f"{path}: cannot be written: {error.strerror}. Give another --picture file."]
        ) from error


if __name__ == "__main__":
    main()
