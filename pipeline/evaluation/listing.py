"""Lists every figure of an evaluation in one order, each under a name of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.agreement import Comparison, ShownEffect
from models.intervals import Estimate
from pipeline.evaluation.disputes import count_disputes
from pipeline.evaluation.records import Agreement, Effect, Evaluation, Mixup, SpanFigures

# Sections of which there is one of each.
STUDY, MACHINE, PEOPLE, ASSISTED = "study", "machine", "people", "assisted"
IN_PLACE, IN_PLACE_MACHINE, IN_PLACE_PEOPLE = "in place", "in place machine", "in place people"
EFFECT, EFFECT_ASSISTED, EFFECT_BLIND = "effect", "effect assisted", "effect blind"
SPLIT, MISSES, ON_GIVEN = "effect split", "misses", "on given excerpts"
MACHINE_SPANS, PEOPLE_SPANS = "machine spans", "people spans"
MACHINE_MIXUPS, PEOPLE_MIXUPS, DISAGREEMENTS = "machine mixups", "people mixups", "disagreements"
# Beginnings of the names of sections of which there may be several.
BASELINE, GROUP = "baseline", "group"


@dataclass(frozen=True)
class Figure:
    """One figure: where it belongs, what it is, and what it rests on.

    section, code, name: Its place; `code` is a key, empty where it is about no single code.
    estimate: Of a plain count, its value only.
    n_excerpts: None where it is not about excerpts, or is itself a count.
    """

    section: str
    code: str
    name: str
    estimate: Estimate
    n_excerpts: int | None = None
    is_count: bool = False

    @property
    def place(self) -> tuple[str, str, str]:
        """What it is found by."""
        return self.section, self.code, self.name


def list_figures(evaluation: Evaluation) -> Iterator[Figure]:
    """List all figures and counts: the table that is written, and what the page takes its from."""
    yield from _list_study(evaluation)
    for section, agreement in name_agreements(evaluation):
        yield from _list_agreement(section, agreement, evaluation.keys)
    yield from _list_uses(evaluation)
    yield from _list_in_place(evaluation)
    if evaluation.effect:
        yield from _list_effect(evaluation.effect)
    yield from _list_misses(evaluation)
    yield from _list_parts(evaluation)
    yield from _list_groups(evaluation)
    yield from _list_mixups(MACHINE_MIXUPS, evaluation.machine_mixups)
    yield from _list_mixups(PEOPLE_MIXUPS, evaluation.people_mixups)
    yield from _list_spans(MACHINE_SPANS, evaluation.end_to_end.machine_spans)
    if evaluation.end_to_end.people_spans:
        yield from _list_spans(PEOPLE_SPANS, evaluation.end_to_end.people_spans)
    yield from _list_disagreements(evaluation)


def name_agreements(evaluation: Evaluation) -> Iterator[tuple[str, Agreement]]:
    """Name each comparison of two sides that there is."""
    in_place, effect = evaluation.in_place, evaluation.effect
    named = {
        MACHINE: evaluation.headline,
        PEOPLE: evaluation.people,
        IN_PLACE_MACHINE: in_place and in_place.machine,
        IN_PLACE_PEOPLE: in_place and in_place.people,
        EFFECT_ASSISTED: effect and effect.assisted,
        EFFECT_BLIND: effect and effect.blind,
        ASSISTED: evaluation.assisted,
        ON_GIVEN: evaluation.end_to_end.on_given,
    }
    return ((section, agreement) for section, agreement in named.items() if agreement)


def _list_study(evaluation: Evaluation) -> Iterator[Figure]:
    yield _count(STUDY, "", "excerpts drawn to be coded blind", evaluation.n_drawn)
    yield _count(STUDY, "", "of these still owed", evaluation.n_owed)
    yield _count(STUDY, "", "interviews without suggestions", evaluation.n_waiting)
    yield _count(STUDY, "", "interviews left out as learnt from", evaluation.n_learnt)
    yield _count(STUDY, "", "codes", len(evaluation.keys))
    yield _count(STUDY, "", "resamples", evaluation.n_resamples)
    yield _count(STUDY, "", "seed", evaluation.seed)


def _list_agreement(section: str, agreement: Agreement, keys: tuple[str, ...]) -> Iterator[Figure]:
    n = agreement.n_excerpts
    for name in ("n_excerpts", "n_interviews", "n_participants", "n_groups", "n_coders"):
        yield _count(section, "", name, getattr(agreement, name))
    yield _count(section, "", "n_codes", agreement.comparison.pooled.n_codes)
    yield Figure(section, "", "sets_alpha", agreement.sets, n)
    yield from _list_values(section, agreement.comparison.pooled.figures, n)
    yield from _list_codes(section, agreement.comparison, keys)


def _list_codes(section: str, comparison: Comparison, keys: tuple[str, ...]) -> Iterator[Figure]:
    for key, code in zip(keys, comparison.codes, strict=True):
        counts = code.counts
        yield _count(section, key, "n_given", counts.n_given, code.note)
        yield _count(section, key, "n_participants", counts.n_participants)
        for name, estimate in code.figures.items():
            yield Figure(section, key, name, estimate, counts.n_excerpts)


def _list_values(
    section: str, figures: Mapping[str, Estimate], n_excerpts: int | None
) -> Iterator[Figure]:
    return (Figure(section, "", name, each, n_excerpts) for name, each in figures.items())


def _list_uses(evaluation: Evaluation) -> Iterator[Figure]:
    for key, use in zip(evaluation.keys, evaluation.uses, strict=True):
        for name, n in vars(use).items():
            yield _count(MACHINE, key, name, n)


def _list_in_place(evaluation: Evaluation) -> Iterator[Figure]:
    in_place = evaluation.in_place
    if in_place:
        yield _count(IN_PLACE, "", "n_codes", in_place.n_codes)
        for name in ("people_kappa", "machine_kappa", "difference", "share"):
            yield Figure(IN_PLACE, "", name, getattr(in_place, name), in_place.machine.n_excerpts)


def _list_effect(effect: Effect) -> Iterator[Figure]:
    yield _count(EFFECT, "", "n_codes", effect.n_codes, effect.note)
    n = effect.assisted.n_excerpts + effect.blind.n_excerpts
    yield from _list_values(EFFECT, effect.figures, n)
    if effect.split:
        yield from _list_split(effect.split)


def _list_split(split: ShownEffect) -> Iterator[Figure]:
    yield _count(SPLIT, "", "n_shown", split.n_shown)
    yield _count(SPLIT, "", "n_unshown", split.n_unshown)
    yield from _list_values(SPLIT, split.figures, None)
    for name, (shown, unshown) in split.n_choices.items():
        yield _count(SPLIT, "", f"{name} n_shown", shown)
        yield _count(SPLIT, "", f"{name} n_unshown", unshown)


def _list_misses(evaluation: Evaluation) -> Iterator[Figure]:
    misses, n = evaluation.misses, evaluation.headline.n_excerpts
    for name in ("n_given", "n_missed", "n_silent", "n_silent_coded"):
        yield _count(MISSES, "", name, getattr(misses, name))
    yield Figure(MISSES, "", "missed", misses.missed, n)
    yield Figure(MISSES, "", "elusion", misses.elusion, misses.n_silent)


def _list_parts(evaluation: Evaluation) -> Iterator[Figure]:
    n = evaluation.headline.n_excerpts
    for baseline in evaluation.baselines:
        section = name_section(BASELINE, baseline.name)
        yield _count(section, "", "n_codes", baseline.figures.n_codes)
        yield from _list_values(section, baseline.figures.figures, n)
        yield Figure(section, "", "difference", baseline.difference, n)
    for part in evaluation.parts:
        section = name_section(part.kind, part.label)
        yield _count(section, "", "n_excerpts", part.n_excerpts)
        yield _count(section, "", "n_groups", part.n_groups)
        yield _count(section, "", "n_codes", part.figures.n_codes)
        yield from _list_values(section, part.figures.figures, part.n_excerpts)


def _list_groups(evaluation: Evaluation) -> Iterator[Figure]:
    for group in evaluation.groups:
        section = name_section(GROUP, f"{group.attribute} = {group.value}")
        for name, n in vars(group).items():
            if name.startswith("n_"):
                yield _count(section, "", name, n)


def _list_mixups(section: str, mixups: tuple[Mixup, ...]) -> Iterator[Figure]:
    return (
        _count(section, each.code, f"instead: {each.other}", each.n_excerpts) for each in mixups
    )


def _list_spans(section: str, spans: SpanFigures) -> Iterator[Figure]:
    yield _count(section, "", "n_characters", spans.n_characters)
    yield Figure(section, "", "u_alpha", spans.any_code)
    yield from (Figure(section, key, "u_alpha", each) for key, each in spans.codes.items())


def _list_disagreements(evaluation: Evaluation) -> Iterator[Figure]:
    for key, counts in count_disputes(evaluation.disagreements).items():
        for name, n in counts.items():
            yield _count(DISAGREEMENTS, key, name, n)


def name_section(kind: str, label: str) -> str:
    """Name a section of which there may be several."""
    return f"{kind}: {label}"


def _count(section: str, code: str, name: str, n: int, note: str = "") -> Figure:
    return Figure(section, code, name, Estimate(n, 0, note=note), is_count=True)
