"""Lays out panels with two axes as SVG, in greys and one accent colour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

# In the pixels of the drawing.
WIDTH, HEIGHT = 320, 250
LEFT, RIGHT, TOP, BOTTOM = 56, 20, 84, 62
LEGEND_LINE, CAPTION_LINE = 16, 17
# The mean width of a letter of the caption, with room for wider fonts.
LETTER = 6.8
INK, SOFT, LINE, ACCENT = "#1c2124", "#50585e", "#dfe3e6", "#0072b2"
# Strokes by rank: the first series of a panel is what it is about.
STROKES = ((ACCENT, ""), ("#50585e", ""), ("#8a9399", "6 4"), ("#8a9399", "2 3"))


@dataclass(frozen=True)
class Axis:
    """What an axis is of, from where to where, and the marks on it."""

    label: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Series:
    """Points that belong together.

    points: (x, y) in the order they are joined.
    spans: (x, low, high) drawn as bars behind the points.
    areas: The area of each point relative to the largest; empty where all are alike.
    """

    label: str
    points: tuple[tuple[float, float], ...]
    spans: tuple[tuple[float, float, float], ...] = ()
    areas: tuple[float, ...] = ()
    is_joined: bool = True


@dataclass(frozen=True)
class Panel:
    """One plot; a reference is a dashed line from one point to another."""

    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    reference: tuple[tuple[float, float], tuple[float, float]] | None = None


def draw_panels(panels: Sequence[Panel], caption: str, *, name: str) -> str:
    """Draw panels side by side over a caption.

    Args:
        name: What the picture is called where it cannot be seen.
    """
    step = LEFT + WIDTH + RIGHT
    width = step * len(panels)
    base = TOP + HEIGHT + BOTTOM
    lines = wrap(caption, int(width / LETTER))
    height = base + CAPTION_LINE * len(lines) + 4
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-label="{escape(name)}" '
            'font-family="system-ui, sans-serif" font-size="12">',
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *(_draw_panel(panel, number * step) for number, panel in enumerate(panels)),
            *(
                _text(LEFT - 44, base + CAPTION_LINE * number, line, fill=SOFT)
                for number, line in enumerate(lines)
            ),
            "</svg>\n",
        ]
    )


def _draw_panel(panel: Panel, offset: int) -> str:
    parts = [
        f'<g transform="translate({offset} 0)">',
        _text(LEFT, 22, panel.title, extra=' font-size="14" font-weight="600"'),
        *_draw_legend(panel.series),
        *_draw_grid(panel),
        *_draw_reference(panel),
    ]
    # The first series lies on top.
    for rank in reversed(range(len(panel.series))):
        parts += _draw_series(panel, panel.series[rank], *STROKES[rank])
    return "\n".join([*parts, "</g>"])


def _draw_legend(series: Sequence[Series]) -> Iterator[str]:
    for rank, each in enumerate(series):
        colour, dashes = STROKES[rank]
        y = 40 + LEGEND_LINE * rank
        if each.is_joined:
            yield _line((LEFT, y - 4), (LEFT + 22, y - 4), colour, dashes, 2)
        yield f'<circle cx="{LEFT + 11}" cy="{y - 4}" r="3" fill="{colour}"/>'
        yield _text(LEFT + 30, y, each.label, fill=SOFT)


def _draw_grid(panel: Panel) -> Iterator[str]:
    bottom = TOP + HEIGHT
    for value, label in panel.y.ticks:
        y = _place_y(panel, value)
        yield _line((LEFT, y), (LEFT + WIDTH, y), LINE, "", 1)
        yield _text(LEFT - 8, y + 4, label, fill=SOFT, extra=' text-anchor="end"')
    for value, label in panel.x.ticks:
        x = _place_x(panel, value)
        yield _line((x, bottom), (x, bottom + 4), SOFT, "", 1)
        yield _text(x, bottom + 18, label, fill=SOFT, extra=' text-anchor="middle"')
    yield _line((LEFT, bottom), (LEFT + WIDTH, bottom), SOFT, "", 1)
    middle = LEFT + WIDTH / 2
    yield _text(middle, bottom + 36, panel.x.label, extra=' text-anchor="middle"')
    turned = f' text-anchor="middle" transform="rotate(-90 14 {TOP + HEIGHT / 2})"'
    yield _text(14, TOP + HEIGHT / 2, panel.y.label, extra=turned)


def _draw_reference(panel: Panel) -> Iterator[str]:
    if panel.reference:
        start, end = (_place(panel, *point) for point in panel.reference)
        yield _line(start, end, SOFT, "2 4", 1.2)


def _draw_series(panel: Panel, series: Series, colour: str, dashes: str) -> Iterator[str]:
    for x, low, high in series.spans:
        ends = _place(panel, x, low), _place(panel, x, high)
        yield _line(*ends, colour, "", 5, extra=' stroke-opacity="0.25"')
    places = [_place(panel, *point) for point in series.points]
    if series.is_joined and places:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>'
    areas = series.areas or tuple(0.12 for _ in places)
    for (x, y), area in zip(places, areas, strict=True):
        radius = max(2.0, 9 * area**0.5)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}"/>'


def _place(panel: Panel, x: float, y: float) -> tuple[float, float]:
    return _place_x(panel, x), _place_y(panel, y)


def _place_x(panel: Panel, value: float) -> float:
    return LEFT + WIDTH * (value - panel.x.low) / (panel.x.high - panel.x.low)


def _place_y(panel: Panel, value: float) -> float:
    return TOP + HEIGHT * (1 - (value - panel.y.low) / (panel.y.high - panel.y.low))


def _line(
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str,
    dashes: str,
    thickness: float,
    *,
    extra: str = "",
) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{colour}" stroke-width="{thickness}"{dashed}{extra}/>'
    )


def _text(x: float, y: float, words: str, *, fill: str = INK, extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}"{extra}>{escape(words)}</text>'
