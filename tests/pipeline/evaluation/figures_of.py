"""Finds every figure in an evaluation, and in each form that one is written in."""

import csv
import io
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser

from models.intervals import Estimate


def figures_in(value):
    """Count every estimate that a value holds, however deep, rounded as all forms are."""
    if isinstance(value, Estimate):
        bounds = (
            (interval.low, interval.high) if interval else (None, None)
            for interval in (value.bca, value.jackknife_t)
        )
        numbers = [value.value, *(bound for pair in bounds for bound in pair)]
        return Counter([(*map(rounded, numbers), value.n_groups, value.note)])
    if is_dataclass(value):
        parts = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, Mapping):
        parts = list(value.values())
    elif isinstance(value, tuple | list):
        parts = value
    else:
        return Counter()
    return sum((figures_in(part) for part in parts), Counter())


def figures_in_json(value):
    """Count every figure that was laid out as JSON."""
    if isinstance(value, list):
        return sum((figures_in_json(part) for part in value), Counter())
    if not isinstance(value, dict):
        return Counter()
    if "bca" in value:
        return Counter([_figure(value, value["value"])])
    named = [_figure(figure, value[name]) for name, figure in value.get("intervals", {}).items()]
    others = [part for name, part in value.items() if name != "intervals"]
    return Counter(named) + figures_in_json(others)


def rows_of(text):
    """Read the rows of a CSV form by section, code and figure."""
    rows = list(csv.DictReader(io.StringIO(text)))
    by_place = {(row["section"], row["code"], row["figure"]): row for row in rows}
    assert len(by_place) == len(rows)
    return by_place


def figures_in_rows(rows):
    """Count the figures of a CSV form; plain counts have no groups and are left out."""
    names = ("value", "bca_low", "bca_high", "jackknife_low", "jackknife_high")
    return Counter(
        (*(float(row[name]) if row[name] else None for name in names), int(row["n_groups"]), note)
        for row in rows.values()
        if row["n_groups"]
        for note in [row["note"]]
    )


class Page(HTMLParser):
    """What a page says: its words, its tags, and all that is said of each row of the table."""

    def __init__(self, text):
        super().__init__()
        self.words, self.tags, self.figures = [], [], {}
        self._open = []
        self.feed(text)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag in ("meta", "rect", "circle", "path", "br"):
            return
        said = self._open[-1][1] if self._open else None
        if "data-row" in attributes:
            said = []
            self.figures.setdefault(attributes["data-row"], []).append(said)
        self._open.append((tag, said))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if any(tag == "style" for tag, _ in self._open):
            return
        self.words.append(data)
        if self._open and self._open[-1][1] is not None:
            self._open[-1][1].extend(data.split())


def rounded(number):
    if number is None or not math.isfinite(number):
        return None
    return round(number, 6)


def _figure(laid_out, value):
    bounds = [bound for name in ("bca", "jackknife_t") for bound in laid_out[name] or (None, None)]
    return (value, *bounds, laid_out["groups"], laid_out["note"])
