"""Puts the page together: its sections in the order that the study's stance asks for."""

from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.agreement.figures import FEWEST_GIVEN, FEWEST_PARTICIPANTS
from models.intervals import FEWEST_GROUPS
from pipeline.evaluation.disputes import choose_disputes
from pipeline.evaluation.listing import (
    ASSISTED,
    EFFECT,
    IN_PLACE_MACHINE,
    IN_PLACE_PEOPLE,
    MACHINE,
    MACHINE_SPANS,
    MISSES,
    ON_GIVEN,
    PEOPLE,
    PEOPLE_SPANS,
    SPLIT,
    list_figures,
)
from pipeline.evaluation.records import Evaluation
from pipeline.evaluation.report import tables
from pipeline.evaluation.report.cells import Figures, count_of, letter_notes, say_count
from pipeline.evaluation.report.forest import lay_out_forest, told_codes
from pipeline.evaluation.report.heat import lay_out_heat
from pipeline.evaluation.report.methods import (
    NO_PAIRS,
    NO_PEOPLE,
    list_facts,
    say_moment,
    write_methods,
)
from pipeline.evaluation.report.wording import (
    BASELINES,
    FIGURES,
    KINDS_OF_DISPUTE,
    KINDS_OF_PART,
    SECTIONS,
    SHORT_FIGURES,
    SIDES,
)
from study.stance import Stance, is_for_discussion

TEMPLATES = Path(__file__).parent / "templates"
FIRST, TO_DISCUSS = ("measured",), ("disagreements", "mixups")
# As many as a meeting can talk about; the JSON file holds all of them.
N_DISPUTES_EACH = 5


def render_page(evaluation: Evaluation, *, study_name: str, file_name: str) -> str:
    """Make the page: one file that loads nothing and runs nothing.

    Args:
        file_name: Of the files, without what tells their form.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        # Whatever the template is called: names and quotes are other people's words.
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"count": say_count, "of": count_of}
    environment.globals["letter_notes"] = letter_notes
    return environment.get_template("report.html").render(
        **_facts(evaluation, study_name, file_name), **_figures(evaluation), **WORDS
    )


def order_sections(stance: Stance) -> list[str]:
    """Order the sections: where figures are to start a discussion, what to discuss comes first."""
    if not is_for_discussion(stance):
        return list(SECTIONS)
    first = [*FIRST, *TO_DISCUSS]
    return [*first, *(name for name in SECTIONS if name not in first)]


WORDS = {
    "figure_names": FIGURES,
    "short_names": SHORT_FIGURES,
    "side_names": SIDES,
    "baseline_names": BASELINES,
    "part_kinds": KINDS_OF_PART,
    "dispute_kinds": KINDS_OF_DISPUTE,
    "fewest_given": FEWEST_GIVEN,
    "fewest_participants": FEWEST_PARTICIPANTS,
    "fewest_groups": FEWEST_GROUPS,
    "no_people": NO_PEOPLE,
    "no_pairs": NO_PAIRS,
}


def _facts(evaluation: Evaluation, study_name: str, file_name: str) -> dict[str, Any]:
    stance = cast(Stance, evaluation.stance)
    return {
        "study": study_name,
        "file_name": file_name,
        "made": say_moment(evaluation.made_at),
        "evaluation": evaluation,
        "is_for_discussion": is_for_discussion(stance),
        "has_quotes": any(each.text is not None for each in evaluation.disagreements),
        "sections": [(name, SECTIONS[name]) for name in order_sections(stance)],
        "facts": list(list_facts(evaluation)),
        "methods": write_methods(evaluation),
        "code_names": dict(zip(evaluation.keys, evaluation.names, strict=True)),
        "disputes": choose_disputes(evaluation.disagreements, n_each=N_DISPUTES_EACH),
    }


def _figures(evaluation: Evaluation) -> dict[str, Any]:
    figures = Figures(list_figures(evaluation))
    names = dict(zip(evaluation.keys, evaluation.names, strict=True))
    return {
        "figures": figures,
        "n_told": len(told_codes(evaluation)),
        "forest": lay_out_forest(evaluation, figures),
        "pooled": tables.tabulate_sides(
            figures, [MACHINE, *([PEOPLE] if evaluation.people else [])]
        ),
        "machine_codes": tables.tabulate_codes(evaluation, figures, MACHINE, evaluation.headline),
        "people_codes": evaluation.people
        and tables.tabulate_codes(evaluation, figures, PEOPLE, evaluation.people),
        "machine_heat": lay_out_heat(evaluation.machine_mixups, names, is_mutual=False),
        "people_heat": lay_out_heat(evaluation.people_mixups, names, is_mutual=True),
        "baselines": tables.tabulate_baselines(evaluation.baselines, figures),
        "misses": tables.tabulate_one(figures, MISSES, figures.names(MISSES)),
        **_sometimes(evaluation, figures),
    }


def _sometimes(evaluation: Evaluation, figures: Figures) -> dict[str, Any]:
    """Make the tables that not every study has material for; None where there is none."""
    effect, end_to_end = evaluation.effect, evaluation.end_to_end
    sections = [MACHINE_SPANS, *([PEOPLE_SPANS] if end_to_end.people_spans else [])]
    parts = {
        kind: tables.tabulate_parts([p for p in evaluation.parts if p.kind == kind], figures)
        for kind in KINDS_OF_PART
    }
    return {
        "in_place": evaluation.in_place
        and tables.tabulate_sides(figures, [IN_PLACE_MACHINE, IN_PLACE_PEOPLE]),
        "effect": effect and tables.tabulate_one(figures, EFFECT, effect.figures),
        "split": effect
        and effect.split
        and tables.tabulate_one(figures, SPLIT, effect.split.figures),
        "assisted": evaluation.assisted and tables.tabulate_sides(figures, [ASSISTED, MACHINE]),
        "parts": {kind: table for kind, table in parts.items() if table.rows},
        "spans": tables.tabulate_spans(evaluation, figures, sections),
        "on_given": end_to_end.on_given and tables.tabulate_sides(figures, [ON_GIVEN, MACHINE]),
    }
