"""Lays out the tables of the page: rows of figures, with letters for what is missing and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.evaluation.listing import BASELINE, MACHINE, name_section
from pipeline.evaluation.records import Agreement, Baseline, Evaluation, PartFigures
from pipeline.evaluation.report.cells import (
    TOO_FEW,
    Cell,
    Figures,
    count_of,
    letter_notes,
    say_count,
)

BETWEEN_PEOPLE = (
    "prevalence",
    "agreement",
    "positive_agreement",
    "negative_agreement",
    "kappa",
    "ac1",
    "alpha",
)
# F1 of a machine and people is their positive agreement; it is not said twice.
WITH_MACHINE = (*BETWEEN_PEOPLE, "precision", "recall")
SUMMARY = ("kappa", "f1", "precision", "recall")


@dataclass(frozen=True)
class Row:
    """One row: what it is about, plain cells, and figures.

    note: Stands in place of all figures.
    """

    name: str
    detail: str = ""
    plain: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table of figures; `letters` gives each note of a cell the letter that stands for it."""

    figures: tuple[str, ...]
    rows: tuple[Row, ...]
    letters: Mapping[str, str] = field(default_factory=dict)


def make_table(figures: Sequence[str], rows: Iterable[Row]) -> Table:
    """Make a table and letter its notes."""
    kept = tuple(rows)
    return Table(tuple(figures), kept, letter_notes(cell for row in kept for cell in row.cells))


def tabulate_codes(
    evaluation: Evaluation, figures: Figures, section: str, side: Agreement
) -> Table:
    """Give every figure of every code; codes of which there is too little to tell come last."""
    names = WITH_MACHINE if section == MACHINE else BETWEEN_PEOPLE
    rows = [
        _code_row(evaluation, figures, section, side, number, names)
        for number in range(len(evaluation.keys))
    ]
    return make_table(names, sorted(rows, key=lambda row: bool(row.note)))


def _code_row(
    evaluation: Evaluation,
    figures: Figures,
    section: str,
    side: Agreement,
    number: int,
    names: Sequence[str],
) -> Row:
    key, code = evaluation.keys[number], side.comparison.codes[number]
    cells = tuple(figures.cell(section, key, name) for name in names)
    use = evaluation.uses[number]
    given = (use.n_people, use.n_machine, use.n_both)
    size = f"{count_of(code.counts.n_excerpts, 'excerpt')}, {count_of(cells[0].n_groups, 'group')}"
    return Row(
        evaluation.names[number],
        size,
        tuple(map(say_count, given if section == MACHINE else (code.counts.n_given,))),
        () if code.note else cells,
        code.note.removeprefix(f"{TOO_FEW}: "),
    )


def tabulate_sides(figures: Figures, sides: Sequence[str]) -> Table:
    """Put comparisons side by side, one a column: means over the codes that each can tell of."""
    rows = [
        Row(
            name,
            cells=tuple(
                figures.cell(side, "", name) for side in sides if name in figures.names(side)
            ),
        )
        for name in (*WITH_MACHINE, "sets_alpha")
        if any(name in figures.names(side) for side in sides)
    ]
    return make_table(sides, rows)


def tabulate_one(figures: Figures, section: str, names: Iterable[str]) -> Table:
    """Give figures that are about no single code, one a row."""
    return make_table(
        [section], [Row(name, cells=(figures.cell(section, "", name),)) for name in names]
    )


def tabulate_baselines(baselines: Sequence[Baseline], figures: Figures) -> Table:
    """Put the machine and simpler ways to propose under one another."""
    ours = Row("machine", cells=tuple(figures.cell(MACHINE, "", name) for name in SUMMARY))
    rows = [
        Row(
            baseline.name,
            cells=tuple(
                figures.cell(name_section(BASELINE, baseline.name), "", name)
                for name in (*SUMMARY, "difference")
            ),
        )
        for baseline in baselines
    ]
    return make_table((*SUMMARY, "difference"), [ours, *rows])


def tabulate_parts(parts: Iterable[PartFigures], figures: Figures) -> Table:
    """Give the main figures of each part of the material."""
    rows = [
        Row(
            part.label,
            plain=tuple(map(say_count, (part.n_excerpts, part.n_groups, part.figures.n_codes))),
            cells=tuple(
                figures.cell(name_section(part.kind, part.label), "", name) for name in SUMMARY
            ),
        )
        for part in parts
    ]
    return make_table(SUMMARY, rows)


def tabulate_spans(evaluation: Evaluation, figures: Figures, sections: Sequence[str]) -> Table:
    """Give u-alpha of each code, and of whether a stretch has any code at all."""
    names = dict(zip(evaluation.keys, evaluation.names, strict=True))
    spans = evaluation.end_to_end.machine_spans.codes
    rows = [
        Row(names[key] if key else "Any code", cells=_span_cells(figures, sections, key))
        for key in ("", *spans)
    ]
    told = [row for row in rows if any(cell.value != "–" for cell in row.cells)]
    return make_table(sections, told)


def _span_cells(figures: Figures, sections: Sequence[str], key: str) -> tuple[Cell, ...]:
    return tuple(figures.cell(section, key, "u_alpha") for section in sections)
