"""How many marked names are found: `python -m bench.names FOLDER --marked FILE.csv`."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from bench.marked_names import MarkedText, read_interviews, read_marked, read_texts
from bench.terminal import Report, one_line_errors, progress_bars
from pipeline.identifying.gazetteer import Entry, Gazetteer, read_gazetteer
from pipeline.identifying.identifiers import Identifier, find_identifiers
from pipeline.linguistics import name_recogniser
from study.records import Span

# The normal quantile of a two-sided interval of 95 %.
Z = 1.959964
CAUTION = "Recall on these texts says little about other interviews; a person still reads each one."
SAME_LIST = "The gazetteer is the marked list itself: recall with it only says that matching works."


@dataclass(frozen=True)
class Share:
    """How many of how many, with Wilson's interval of 95 %."""

    n: int
    n_of: int

    def as_dict(self) -> dict[str, Any]:
        """Give counts, share and interval; no share where there is nothing to count."""
        share = round(self.n / self.n_of, 4) if self.n_of else None
        return {"n": self.n, "of": self.n_of, "share": share, "interval": wilson(self.n, self.n_of)}


@click.command()
@click.argument("places", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--marked",
    "marked_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of file, name and category, or a gazetteer: its names count in every file.",
)
@click.option(
    "--gazetteer",
    "gazetteer_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The gazetteer to measure with; without one it is made of the marked names.",
)
@click.option(
    "--interviews",
    "interviews_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of file, participant and language, as a study's interviews.csv.",
)
@click.option(
    "--language", default="nl", show_default=True, help="Of files that do not say theirs."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(
    places: tuple[Path, ...],
    marked_file: Path,
    gazetteer_file: Path | None,
    interviews_file: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """Measure recall and precision on transcripts whose names a person marked."""
    with one_line_errors():
        marked = read_marked(marked_file)
        gazetteer = read_gazetteer(gazetteer_file) if gazetteer_file else None
        interviews = read_interviews(interviews_file) if interviews_file else {}
        texts = read_texts(places, marked, interviews, language)
        with progress_bars() as report:
            figures = measure(texts, gazetteer, report=report)
    click.echo(json.dumps(figures, indent=2) if as_json else draw(figures))


def measure(
    texts: Sequence[MarkedText], gazetteer: Gazetteer | None, *, report: Report
) -> dict[str, Any]:
    """Measure without and with a gazetteer."""
    ways: dict[str, list[tuple[MarkedText, list[Identifier]]]] = defaultdict(list)
    for number, text in enumerate(texts, 1):
        report("texts", number, len(texts))
        known = _for_text(text, gazetteer.entries if gazetteer else text.names)
        for way, names in (("without_gazetteer", Gazetteer()), ("with_gazetteer", known)):
            found = find_identifiers(
                text.text,
                names,
                language=text.language,
                participants=[text.participant] if text.participant else [],
                recognise=name_recogniser(text.language),
            )
            ways[way].append((text, found))
    languages = sorted({text.language for text in texts})
    return {
        "n_texts": len(texts),
        "recogniser": {each: name_recogniser(each) is not None for each in languages},
        **{way: _figures(answers) for way, answers in ways.items()},
        "remarks": [CAUTION, *([] if gazetteer else [SAME_LIST])],
    }


def _for_text(text: MarkedText, entries: Sequence[Entry]) -> Gazetteer:
    if text.participant is not None:
        return Gazetteer(tuple(entries))
    # Nobody said whose interview it is: everybody's names count.
    return Gazetteer(tuple(replace(entry, participant=None) for entry in entries))


def wilson(n: int, n_of: int) -> list[float] | None:
    """Give Wilson's interval of 95 % for a share; source: Wilson 1927, doi:10.2307/2276774."""
    if not n_of:
        return None
    share, z2 = n / n_of, Z * Z / n_of
    middle = share + z2 / 2
    spread = Z * math.sqrt(share * (1 - share) / n_of + z2 / (4 * n_of))
    return [round(max(0.0, (middle - spread) / (1 + z2)), 4),
            round(min(1.0, (middle + spread) / (1 + z2)), 4)]  # fmt: skip


def _figures(answers: Sequence[tuple[MarkedText, list[Identifier]]]) -> dict[str, Any]:
    n_marked: Counter[str] = Counter()
    n_covered: Counter[str] = Counter()
    n_found: Counter[str] = Counter()
    n_right: Counter[str] = Counter()
    for text, found in answers:
        held = {at for each in found for at in _reach(each.span)}
        marked = {at for span, _ in text.marked for at in _reach(span)}
        for span, category in text.marked:
            n_marked[category] += 1
            n_covered[category] += all(at in held for at in _reach(span) if text.text[at].isalnum())
        for each in found:
            n_found[each.category] += 1
            n_right[each.category] += not marked.isdisjoint(_reach(each.span))
    return {
        "recall": Share(n_covered.total(), n_marked.total()).as_dict(),
        "precision": Share(n_right.total(), n_found.total()).as_dict(),
        "recall_by_category": _shares(n_covered, n_marked),
        "precision_by_category": _shares(n_right, n_found),
    }


def _shares(part: Counter[str], whole: Counter[str]) -> dict[str, Any]:
    return {name: Share(part[name], whole[name]).as_dict() for name in sorted(whole)}


def _reach(span: Span) -> range:
    return range(span.start_char, span.end_char)


def draw(figures: Mapping[str, Any]) -> str:
    """Draw figures as lines: a way and a category on each, with counts and interval."""
    lines = [f"{figures['n_texts']} texts"]
    for way in ("without_gazetteer", "with_gazetteer"):
        lines.append("")
        lines.append(way.replace("_", " "))
        for measure_name in ("recall", "precision"):
            rows = {"all": figures[way][measure_name]} | figures[way][f"{measure_name}_by_category"]
            lines += [_draw_row(measure_name, name, row) for name, row in rows.items()]
    return "\n".join([*lines, "", *figures["remarks"]])


def _draw_row(measure_name: str, name: str, row: Mapping[str, Any]) -> str:
    counts = f"{row['n']}/{row['of']}"
    if row["share"] is None:
        return f"  {measure_name:<10}{name:<20}{counts:>10}"
    low, high = row["interval"]
    return f"  {measure_name:<10}{name:<20}{counts:>10}{row['share']:>8.2f}  ({low:.2f}–{high:.2f})"


if __name__ == "__main__":
    main()
