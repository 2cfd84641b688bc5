"""Draws what bench.scale printed: `python -m bench.scale_picture FILES --to docs/scale.svg`."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path
from textwrap import wrap
from typing import Any, TypeAlias

import click

from bench.plots import ACCENT, INK, LINE, SOFT
from bench.terminal import one_line_errors
from study.errors import InputError

Row: TypeAlias = Mapping[str, Any]
# In the pixels of the drawing: one panel under the other, labels where the lines end.
LEFT, WIDTH, RIGHT = 66, 420, 254
TITLE, HEIGHT, GAP, FOOT = 26, 150, 34, 44
LABEL_LINE, CAPTION_LINE, LETTER = 15, 17, 6.2
COLOURS = {"sqlite": ACCENT, "postgresql": "#a14a00"}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PLAIN, DASHED = "", "5 4"
CAPTION = (
    "Made transcripts and a made encoder in the place of the real one, whose work is the same for "
    "each text; the time with it is worked out from its speed. The page is timed while runs go on. "
    "Both axes are logarithmic. Dotted: what is to be kept to."
)


@dataclass(frozen=True)
class Line:
    """One line of a panel: what it is called, and what of a row it shows."""

    name: str
    value: Callable[[Row], float]
    dashes: str = PLAIN


@dataclass(frozen=True)
class Panel:
    """What is drawn over the size of a study; a limit is what is not to be exceeded."""

    title: str
    lines: tuple[Line, ...]
    limit: float | None = None
    limit_name: str = ""


PANELS = (
    Panel(
        "Seconds for the first run",
        (
            Line("run", lambda row: float(row["run_s"])),
            Line("with the encoder", lambda row: 3600 * float(row["hours_with_encoder"]), DASHED),
        ),
    ),
    Panel(
        "Megabytes",
        (
            Line("memory", lambda row: float(row["peak_mb"])),
            Line("database", lambda row: float(row["database_mb"]), DASHED),
        ),
        limit=2_000,
        limit_name="memory: at most",
    ),
    Panel(
        "Milliseconds on the server, 95th percentile",
        (
            Line("decision", lambda row: float(row["decision_p95_ms"])),
            Line("queue page", lambda row: float(row["page_p95_ms"]), DASHED),
        ),
        limit=50,
        limit_name="at most",
    ),
)


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--to", "target", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path)
)
def main(files: Sequence[Path], target: Path) -> None:
    """Draw FILES, each as `bench.scale --json` printed it, as one picture."""
    with one_line_errors():
        rows = [row for file in files for row in _read(file)]
        target.write_text(draw_scale(rows), encoding="utf-8")
        click.echo(target)


def draw_scale(rows: Sequence[Row]) -> str:
    """Draw cost against size, a line for each database."""
    width = LEFT + WIDTH + RIGHT
    step = TITLE + HEIGHT + GAP
    lines = wrap(CAPTION, int(width / LETTER))
    base = step * len(PANELS) + FOOT - GAP + 14
    height = base + CAPTION_LINE * len(lines)
    x_scale = _decades([row["excerpts"] for row in rows])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="Cost against size of a study" '
        'font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, panel in enumerate(PANELS):
        drawn = _draw_panel(panel, rows, x_scale)
        parts += [f'<g transform="translate(0 {number * step})">', *drawn, "</g>"]
    bottom = step * len(PANELS) - GAP
    parts += [
        _text(LEFT + WIDTH / 2, bottom + 36, "excerpts in the study", anchor="middle"),
        *(_text(14, base + CAPTION_LINE * n, line, fill=SOFT) for n, line in enumerate(lines)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _draw_panel(panel: Panel, rows: Sequence[Row], x_scale: tuple[int, int]) -> Iterator[str]:
    values = [line.value(row) for row in rows for line in panel.lines]
    y_scale = _decades([*values, *([panel.limit] if panel.limit else [])])
    yield _text(LEFT, 16, panel.title, extra=' font-weight="600"')
    yield from _draw_grid(x_scale, y_scale)
    labels = []
    if panel.limit:
        y = _place_y(panel.limit, y_scale)
        yield _stroke([(LEFT, y), (LEFT + WIDTH, y)], SOFT, "2 3", 1.2)
        labels.append((y, f"{panel.limit_name} {panel.limit:,.0f}", SOFT))
    for kind in sorted({_kind_of(row) for row in rows}, reverse=True):
        own = sorted((r for r in rows if _kind_of(r) == kind), key=lambda row: row["excerpts"])
        for line in panel.lines:
            points = [
                (_place_x(row["excerpts"], x_scale), _place_y(line.value(row), y_scale))
                for row in own
            ]
            yield _stroke(points, COLOURS[kind], line.dashes, 2)
            yield from (_dot(point, COLOURS[kind]) for point in points)
            said = f"{NAMES[kind]}, {line.name}: {_round(line.value(own[-1]))}"
            labels.append((points[-1][1], said, COLOURS[kind]))
    yield from _draw_labels(labels)


def _draw_labels(labels: Sequence[tuple[float, str, str]]) -> Iterator[str]:
    """Draw labels beside where lines end, none over another, none under the panel."""
    ordered = sorted(labels)
    places = [y for y, _, _ in ordered]
    for above, below in pairwise(range(len(places))):
        places[below] = max(places[below], places[above] + LABEL_LINE)
    too_low = max(0.0, places[-1] - (TITLE + HEIGHT))
    for (_, said, colour), y in zip(ordered, places, strict=True):
        yield _text(LEFT + WIDTH + 12, y - too_low + 4, said, fill=colour)


def _draw_grid(x_scale: tuple[int, int], y_scale: tuple[int, int]) -> Iterator[str]:
    bottom = TITLE + HEIGHT
    for power in range(y_scale[0], y_scale[1] + 1):
        y = _place_y(10**power, y_scale)
        yield _stroke([(LEFT, y), (LEFT + WIDTH, y)], LINE, PLAIN, 1)
        yield _text(LEFT - 8, y + 4, f"{10**power:,g}", fill=SOFT, anchor="end")
    for power in range(x_scale[0], x_scale[1] + 1):
        x = _place_x(10**power, x_scale)
        yield _stroke([(x, TITLE), (x, bottom + 4)], LINE, PLAIN, 1)
        yield _text(x, bottom + 18, f"{10**power:,}", fill=SOFT, anchor="middle")


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low = math.floor(math.log10(min(values)) + 1e-9)
    # Sizes are about what was asked for: 100,312 is no reason for another decade.
    high = math.ceil(math.log10(max(values)) - 0.02)
    return low, max(high, low + 1)


def _place_x(value: float, scale: tuple[int, int]) -> float:
    share = (math.log10(value) - scale[0]) / (scale[1] - scale[0])
    return LEFT + WIDTH * min(1.0, max(0.0, share))


def _place_y(value: float, scale: tuple[int, int]) -> float:
    share = (math.log10(value) - scale[0]) / (scale[1] - scale[0])
    return TITLE + HEIGHT * (1 - min(1.0, max(0.0, share)))


def _kind_of(row: Row) -> str:
    return str(row["database"]).partition(" ")[0]


def _round(value: float) -> str:
    return f"{float(f'{value:.2g}'):,g}" if value < 1e6 else f"{value:,.0f}"


def _stroke(
    points: Sequence[tuple[float, float]], colour: str, dashes: str, thickness: float
) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" '
        f'stroke-width="{thickness}"{dashed}/>'
    )


def _dot(point: tuple[float, float], colour: str) -> str:
    return f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="3" fill="{colour}"/>'


def _text(
    x: float, y: float, words: str, *, fill: str = INK, anchor: str = "start", extra: str = ""
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" text-anchor="{anchor}"{extra}>'
        f"{escape(words)}</text>"
    )


def _read(file: Path) -> list[Row]:
    try:
        found: list[Row] = json.loads(file.read_text(encoding="utf-8"))["sizes"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            [f"{file.name}: is not what bench.scale prints with --json. Name a file that is."]
        ) from error
    return found


if __name__ == "__main__":
    main()
