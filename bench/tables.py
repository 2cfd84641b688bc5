"""Draws the figures of quality as tables for a terminal."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.figures import LEAST_POSITIVES

COLUMNS = {name: name for name in ("macro_f1", "kappa", "map", "hit1", "rec3", "seconds")}
PLACE_COLUMNS = {
    "kappa_in_place": "kappa_in_place",
    "share_of_left_out_pairwise": "its share",
    "kappa_left_out": "kappa_left_out",
    "share_of_left_out_majority": "its share",
}
CURVE_COLUMNS = {
    "map": "map",
    "macro_f1": "macro_f1",
    "rec3": "rec3",
    "share_of_full": "share of full",
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


def draw_table(figures: Mapping[str, Any]) -> str:
    """Draw the figures as tables of means with their range over the seeds."""
    lines = [
        f"{figures['data']}: {figures['interviews']} interviews, {figures['excerpts']} excerpts, "
        f"{figures['codes']} codes ({figures['codes_measured']} with {LEAST_POSITIVES} positives "
        f"or more), {figures['folds']} folds, {figures['seeds']} seeds",
        "",
        *_draw_rows(figures["methods"], COLUMNS),
        "Means over the seeds (lowest-highest). seconds: vectors and the first seed's folds.",
        "",
        *_draw_probabilities(figures["methods"]),
        *_draw_places(figures["methods"], figures["human"]),
        "",
        figures["note"],
    ]
    return "\n".join(lines)


def _draw_probabilities(methods: Mapping[str, Any]) -> Iterable[str]:
    for name, row in methods.items():
        if "reliability" not in row:
            continue
        yield f"{name}: expected calibration error {_cell(row, 'ece', 3)} of what it proposes,"
        yield f"{_cell(row, 'ece_all', 3)} of all excerpts and codes"
        yield from _draw_reliability(row["reliability"])
        yield f"ways chosen, over codes and folds: {_count_ways(row['methods_chosen'])}"
        yield ""
        yield from _draw_curve(row.get("curve", ()))


def _draw_reliability(bins: Iterable[Mapping[str, float]]) -> Iterable[str]:
    yield f"{'probability':<14}{'proposals':>12}{'said':>8}{'right':>8}"
    for each in bins:
        span = f"{each['low']:.1f}-{each['high']:.1f}"
        yield f"{span:<14}{each['n']:>12.0f}{each['said']:>8.2f}{each['right']:>8.2f}"


def _count_ways(chosen: Mapping[str, Mapping[str, int]]) -> str:
    ways = sum((Counter(each) for each in chosen.values()), Counter[str]())
    return ", ".join(f"{way} {count}" for way, count in ways.most_common()) or "none"


def _draw_curve(points: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    if not points:
        return
    yield f"{'coded (rest)':<14}" + "".join(f"{head:>{WIDTH}}" for head in CURVE_COLUMNS.values())
    for point in points:
        cells = "".join(f"{_cell(point, column):>{WIDTH}}" for column in CURVE_COLUMNS)
        coded = f"{point['interviews']} ({point['measured_on']})"
        yield f"{coded:<14}{cells}"
    yield f"Means over {points[0]['draws']} draws of coded interviews (lowest-highest), measured on"
    yield "the rest; share of full: of the mean average precision by folds, above. On few ones"
    yield "only the codes that they have are measured: then the share can exceed 1."
    yield ""


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


def _cell(row: Mapping[str, Any], column: str, digits: int = 2) -> str:
    if column == "seconds":
        return f"{row[column]:.1f}"
    span = row["range"].get(column)
    spread = f" ({span[0]:.{digits}f}-{span[1]:.{digits}f})" if span else ""
    return f"{_figure(row.get(column), digits)}{spread}"


def _figure(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
