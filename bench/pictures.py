"""Draws what the benchmarks printed as JSON: `python -m bench.pictures FILES --to docs`."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import click

from bench.plots import Axis, Panel, Series, draw_panels
from bench.terminal import one_line_errors
from study.errors import InputError

Figures: TypeAlias = Mapping[str, Any]

SHARES = ((0, "0"), (0.2, ".2"), (0.4, ".4"), (0.6, ".6"), (0.8, ".8"), (1, "1"))
PRODUCT = "themeloop"
# Of more interviews than this, the axis doubles from mark to mark.
MOST_EVENLY = 24
# On fewer interviews than this a point of the curve is of the few codes that they have.
LEAST_MEASURED_ON = 8
CAUTION = "Says little about other interviews, languages or codebooks."
REPLAYED = {
    "first_accepted": "first suggestions that are accepted",
    "suggestions_accepted": "suggestions that are accepted",
    "codes_suggested": "codes given that were suggested",
}
MEASURED = {
    "map": "mean average precision",
    "rec3": "codes among the first three (rec3)",
    "macro_f1": "macro-F1",
}


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    help="The folder that the pictures are written to.",
)
def main(files: tuple[Path, ...], folder: Path) -> None:
    """Draw FILES, as `bench.quality --json` and `bench.replay --json` printed them."""
    with one_line_errors():
        figures = [_read(path) for path in files]
        for name, svg in draw_pictures(figures).items():
            (folder / name).write_text(svg, encoding="utf-8")
            click.echo(folder / name)


def draw_pictures(figures: Sequence[Figures]) -> dict[str, str]:
    """Draw each kind of picture of which there are figures, with a panel for each data set."""
    of_quality = [each[PRODUCT] for each in map(_with_product, figures) if PRODUCT in each]
    kinds: list[tuple[str, Callable[[Sequence[Figures]], str], list[Figures]]] = [
        ("reliability.svg", draw_reliability, [e for e in of_quality if e["reliability"]]),
        ("learning-curve.svg", draw_curves, [e for e in of_quality if _has_curve(e)]),
        ("replay.svg", draw_replays, [e for e in figures if "stretches" in e]),
    ]
    return {name: draw(found) for name, draw, found in kinds if found}


def draw_reliability(rows: Sequence[Figures]) -> str:
    """Draw how often proposals are right, by how probable they were said to be."""
    panels = [
        Panel(
            each["title"],
            Axis("probability said", 0, 1, SHARES),
            Axis("share that is right", 0, 1, SHARES),
            (_reliability_points(each),),
            reference=((0, 0), (1, 1)),
        )
        for each in rows
    ]
    caption = (
        "Proposals for held-out interviews by tenths of probability; the larger, the more of them. "
        f"Dotted: right as often as said. {CAUTION}"
    )
    return draw_panels(panels, caption, name="Reliability diagram")


def draw_curves(rows: Sequence[Figures]) -> str:
    """Draw how good proposals are after so many coded interviews."""
    panels = []
    for each in rows:
        points = [point for point in each["curve"] if point["measured_on"] >= LEAST_MEASURED_ON]
        sizes = [point["interviews"] for point in points]
        axis = _count_axis("interviews coded", sizes, doubles=True)
        full = each["map"]
        panels.append(
            Panel(
                each["title"],
                axis,
                Axis("on all other interviews", 0, 1, SHARES),
                tuple(_curve(points, name, label) for name, label in MEASURED.items()),
                reference=None if full is None else ((axis.low, full), (axis.high, full)),
            )
        )
    caption = (
        "Means over draws of coded interviews, measured on all others where these are eight or "
        "more; bars: lowest to highest draw. Dotted: mean average precision by five folds. "
        f"{CAUTION}"
    )
    return draw_panels(panels, caption, name="Learning curve")


def draw_replays(rows: Sequence[Figures]) -> str:
    """Draw what of the suggestions is accepted as more interviews are coded."""
    panels = []
    for each in rows:
        doubles = each["interviews"] > MOST_EVENLY
        counts = [stretch["learnt_from"] for stretch in each["stretches"]]
        series = [
            _replayed(each["stretches"], name, label, doubles=doubles)
            for name, label in REPLAYED.items()
        ]
        panels.append(
            Panel(
                _title(each),
                _count_axis("interviews coded before", counts, doubles=doubles),
                Axis("share", 0, 1, SHARES),
                tuple(series),
            )
        )
    caption = (
        "Codings by people who saw no suggestions, replayed in drawn orders of the interviews: "
        "means over draws; bars: lowest to highest draw of first suggestions. Before two "
        f"interviews are coded, the codebook's descriptions propose. {CAUTION}"
    )
    return draw_panels(panels, caption, name="Replay of human codings")


def _read(path: Path) -> Figures:
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        figures = None
    if not isinstance(figures, dict) or not {"methods", "stretches"} & set(figures):
        raise InputError(
            [f"{path}: is not what bench.quality or bench.replay prints. Save it with --json."]
        )
    return figures


def _with_product(figures: Figures) -> dict[str, Figures]:
    if PRODUCT not in figures.get("methods", {}):
        return {}
    return {PRODUCT: figures["methods"][PRODUCT] | {"title": _title(figures)}}


def _has_curve(row: Figures) -> bool:
    return any(point["measured_on"] >= LEAST_MEASURED_ON for point in row.get("curve", ()))


def _title(figures: Figures) -> str:
    return f"{figures['data']}: {figures['interviews']} interviews, {figures['codes']} codes"


def _reliability_points(row: Figures) -> Series:
    most = max(each["n"] for each in row["reliability"])
    points = [(each["said"], each["right"]) for each in row["reliability"]]
    areas = tuple(each["n"] / most for each in row["reliability"])
    error = "undefined" if row["ece"] is None else f"{row['ece']:.3f}"
    label = f"proposals; expected calibration error {error}"
    return Series(label, tuple(points), areas=areas, is_joined=False)


def _curve(points: Sequence[Figures], name: str, label: str) -> Series:
    return _series(points, name, label, lambda point: _scale(point["interviews"], doubles=True))


def _replayed(stretches: Sequence[Figures], name: str, label: str, *, doubles: bool) -> Series:
    series = _series(
        stretches, name, label, lambda each: _scale(each["learnt_from"], doubles=doubles)
    )
    # Bars of three lines at the same places cannot be told apart.
    return series if name == "first_accepted" else replace(series, spans=())


def _series(
    rows: Sequence[Figures], name: str, label: str, place: Callable[[Figures], float]
) -> Series:
    told = [row for row in rows if row[name] is not None]
    return Series(
        label,
        tuple((place(row), row[name]) for row in told),
        spans=tuple((place(row), *row["range"][name]) for row in told),
    )


def _count_axis(label: str, counts: Sequence[int], *, doubles: bool) -> Axis:
    places = [_scale(count, doubles=doubles) for count in counts]
    margin = 0.04 * (places[-1] - places[0]) or 0.5
    low, high = places[0] - margin, places[-1] + margin
    ticks: list[tuple[float, str]] = []
    for place, count in zip(places, counts, strict=True):
        # Labels need room.
        if not ticks or place - ticks[-1][0] >= (high - low) / 14:
            ticks.append((place, str(count)))
    return Axis(label, low, high, tuple(ticks))


def _scale(count: int, *, doubles: bool) -> float:
    return math.log2(count + 1) if doubles else float(count)


if __name__ == "__main__":
    main()
