"""What an evaluation says, as plain frozen values for the command and the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.agreement import Comparison, PooledFigures, ShownEffect
from models.intervals import Estimate
from study.model_versions import StoredModel


@dataclass(frozen=True)
class Agreement:
    """How well two sides agree, and on what it was measured.

    sets: Alpha over all codes of an excerpt at once, with MASI distance.
    n_groups: Families, else participants: what is resampled.
    """

    comparison: Comparison
    sets: Estimate
    n_excerpts: int
    n_interviews: int
    n_participants: int
    n_groups: int
    n_coders: int


@dataclass(frozen=True)
class CodeUse:
    """To how many blind excerpts at least half of the coders, and the machine, gave a code."""

    n_people: int
    n_machine: int
    n_both: int


@dataclass(frozen=True)
class InPlace:
    """The machine in each coder's place in turn, against the same other coders.

    people_kappa, machine_kappa: Cohen's over all pairs at once, the same ones, mean over codes.
    difference: The machine's kappa minus people's, over the codes told of both.
    share: The machine's kappa as a share of people's.
    """

    people: Agreement
    machine: Agreement
    n_codes: int
    people_kappa: Estimate
    machine_kappa: Estimate
    difference: Estimate
    share: Estimate


@dataclass(frozen=True)
class Effect:
    """The effect of showing suggestions: assisted agreement minus blind, same coders' interviews.

    figures: By name: kappa, positive_agreement, agreement; means over the codes told of both.
    split: Into help and sway; None where no independent coder read such excerpts blind.
    note: Why there is nothing to say, or no split; empty where there are both.
    """

    assisted: Agreement
    blind: Agreement
    n_codes: int
    figures: Mapping[str, Estimate]
    split: ShownEffect | None
    note: str


@dataclass(frozen=True)
class Misses:
    """What people gave in blind excerpts and the machine would not have suggested.

    missed: Share of what people gave that was not suggested.
    elusion: Share of the excerpts without any suggestion to which people gave a code.
    n_given, n_missed: Codes that coders gave to excerpts, each coder's counting.
    n_silent, n_silent_coded: Readings of excerpts without any suggestion; those with a code.
    """

    n_given: int
    n_missed: int
    missed: Estimate
    n_silent: int
    n_silent_coded: int
    elusion: Estimate


@dataclass(frozen=True)
class Baseline:
    """A simpler way to propose, judged on the same excerpts, learnt from other groups only.

    difference: The machine's kappa minus the baseline's.
    """

    name: str
    figures: PooledFigures
    difference: Estimate


@dataclass(frozen=True)
class GroupErrors:
    """What was found and missed in one group of participants, as counts: shown, not tested."""

    attribute: str
    value: str
    n_participants: int
    n_excerpts: int
    n_given: int
    n_found: int
    n_missed: int
    n_wrong: int


@dataclass(frozen=True)
class PartFigures:
    """Agreement of one part: a model version, a codebook version, a round.

    kind: model, codebook or round.
    figures: Machine and people, over the codes told in this part.
    """

    kind: str
    label: str
    n_excerpts: int
    n_groups: int
    figures: PooledFigures


@dataclass(frozen=True)
class Mixup:
    """How often one side gave `code` and not `other` where the other side did the reverse."""

    code: str
    other: str
    n_excerpts: int


@dataclass(frozen=True)
class Disagreement:
    """One excerpt on which people and the machine, or people, differ about a code.

    n_given, n_coders: How many of how many coders gave it.
    is_suggested: Whether the machine would have suggested it.
    text: The excerpt's words, where a person asked for them.
    """

    interview: str
    participant: str
    excerpt_id: int
    excerpt: str
    code: str
    n_given: int
    n_coders: int
    is_suggested: bool
    text: str | None = None


@dataclass(frozen=True)
class SpanFigures:
    """Agreement on stretches of text, whoever cut them how: Krippendorff's u-alpha family.

    any_code: Whether a stretch has a code at all. codes: Each code by itself, by key.
    """

    any_code: Estimate
    codes: Mapping[str, Estimate]
    n_characters: int


@dataclass(frozen=True)
class EndToEnd:
    """With the study's own cut: judged on the stretches that coders had before them.

    on_given: Agreement on these; None where coders coded the study's own excerpts.
    machine_spans, people_spans: On free spans, people with the machine and with each other.
    """

    on_given: Agreement | None
    machine_spans: SpanFigures
    people_spans: SpanFigures | None


@dataclass(frozen=True)
class Evaluation:
    """Everything that is measured of a study at one moment.

    n_waiting: Interviews left out because no model version has scored them yet.
    n_learnt: Interviews left out because every version that scored them has learnt from them, or
        from others of their participants or families.
    n_from_draw: Excerpts of the headline that were drawn and coded blind on the page.
    n_from_file: Those that a coder's file brought, taken to be blind as it does not call them
        assisted.
    evidence: Hash of what it was made of, where it is kept; empty elsewhere.
    """

    made_at: datetime
    stance: str
    is_synthetic: bool
    seed: int
    n_resamples: int
    keys: tuple[str, ...]
    names: tuple[str, ...]
    model: StoredModel
    codebook_version: int
    n_waiting: int
    n_drawn: int
    n_owed: int
    headline: Agreement
    uses: tuple[CodeUse, ...]
    people: Agreement | None
    in_place: InPlace | None
    effect: Effect | None
    assisted: Agreement | None
    misses: Misses
    baselines: tuple[Baseline, ...]
    groups: tuple[GroupErrors, ...]
    parts: tuple[PartFigures, ...]
    machine_mixups: tuple[Mixup, ...]
    people_mixups: tuple[Mixup, ...]
    disagreements: tuple[Disagreement, ...]
    end_to_end: EndToEnd
    n_from_draw: int = 0
    n_from_file: int = 0
    evidence: str = ""
    n_learnt: int = 0
