"""Says in words on what an evaluation rests and how it was made, from what the evaluation holds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from typing import cast

from models.agreement.figures import FEWEST_GIVEN, FEWEST_PARTICIPANTS
from models.intervals import FEWEST_GROUPS, LEVEL
from pipeline.evaluation.records import Evaluation
from pipeline.evaluation.report.cells import count_of, say_count
from study.stance import Stance, describe_stance

NO_PAIRS = "No excerpt was read blind by two coders."
NO_PEOPLE = (
    f"{NO_PAIRS} So there is no figure of people with one another, and nothing beside which to "
    "read the machine’s. Let a second coder code interviews without suggestions."
)


def list_facts(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """List what was measured, and on what, as a name and a sentence each."""
    headline = evaluation.headline
    yield "Made", f"{say_moment(evaluation.made_at)}, with themeloop {version('themeloop')}"
    yield "Stance", describe_stance(cast(Stance, evaluation.stance))
    yield (
        "Excerpts",
        f"{say_count(headline.n_excerpts)}, finished by a coder before any suggestion for their "
        "interview was on the screen. Only these count, unless a table says otherwise.",
    )
    yield (
        "Interviews",
        f"{say_count(headline.n_interviews)}, with "
        f"{count_of(headline.n_participants, 'participant')} in "
        f"{count_of(headline.n_groups, 'group')}. A group is a family where families are known, "
        "else a participant.",
    )
    yield "Coders", _say_coders(evaluation)
    yield "How they were drawn", _say_draw(evaluation)
    if evaluation.n_waiting:
        left_out = count_of(evaluation.n_waiting, "interview")
        yield "Left out", f"{left_out} for want of suggestions."
    if evaluation.n_learnt:
        left_out = count_of(evaluation.n_learnt, "interview")
        yield (
            "Left out as learnt from",
            f"{left_out}: every model version that scored them has learnt from their participants "
            "or families.",
        )
    yield "Machine", _say_model(evaluation)
    yield (
        "Codebook",
        f"Version {evaluation.codebook_version}, {count_of(len(evaluation.keys), 'code')}. There "
        f"is enough to tell of {_say_told(evaluation)}.",
    )
    resamples = say_count(evaluation.n_resamples)
    yield "Intervals", f"{LEVEL:.0%}, over groups; {resamples} resamples, seed {evaluation.seed}."


def write_methods(evaluation: Evaluation) -> str:
    """Write a paragraph for a methods section."""
    return " ".join(
        [
            *_write_material(evaluation),
            *_write_machine(evaluation),
            *_write_statistics(evaluation),
            *_write_intervals(evaluation),
        ]
    )


def say_moment(moment: datetime) -> str:
    """Say when something was, the same on every machine."""
    here = moment.astimezone(UTC)
    return f"{here.day} {here:%B %Y, %H:%M} UTC"


def _write_material(evaluation: Evaluation) -> Iterator[str]:
    headline, people = evaluation.headline, evaluation.people
    yield (
        "The unit of analysis was the excerpt. Agreement was measured on "
        f"{count_of(headline.n_excerpts, 'excerpt')} from "
        f"{count_of(headline.n_interviews, 'interview')} with "
        f"{count_of(headline.n_participants, 'participant')}, coded by "
        f"{count_of(headline.n_coders, 'coder')} before any machine suggestion for the interview "
        "was shown."
    )
    if people:
        share = people.n_excerpts / headline.n_excerpts
        yield (
            f"Two or more coders had coded {say_count(people.n_excerpts)} of these ({share:.0%})."
        )
    if evaluation.n_from_file:
        yield (
            f"Codings of {count_of(evaluation.n_from_file, 'excerpt')} came from files, which did "
            "not call them assisted; that they were made without sight of suggestions was taken "
            "from there."
        )
    if evaluation.n_from_draw:
        yield (
            f"{count_of(evaluation.n_from_draw, 'excerpt')} had been drawn at random to be coded "
            "first, before suggestions were shown. An excerpt was weighted by the inverse of the "
            "probability with which it came to be coded as it was."
        )
    if evaluation.n_owed:
        yield (
            f"{say_count(evaluation.n_owed)} of {say_count(evaluation.n_drawn)} excerpts that were "
            "drawn had not been coded yet."
        )
    if evaluation.is_synthetic:
        yield "The interviews and codings are synthetic."


def _write_machine(evaluation: Evaluation) -> Iterator[str]:
    model = evaluation.model
    yield (
        f"Suggestions came from themeloop {version('themeloop')} (method {model.method}, encoder "
        f"{model.encoder}, model SHA-256 {model.sha256[:12]}, codebook version "
        f"{model.codebook_version}); only suggestions of model versions that had learnt from no "
        "coding of the same participant or family were judged."
    )
    yield (
        f"The codebook (version {evaluation.codebook_version}) had "
        f"{count_of(len(evaluation.keys), 'code')}. A code was reported when either side had given "
        f"it to at least {FEWEST_GIVEN} excerpts of at least {FEWEST_PARTICIPANTS} participants; "
        f"this held for {_say_told(evaluation)}."
    )


def _write_statistics(evaluation: Evaluation) -> Iterator[str]:
    yield (
        "For each code we report prevalence, percent agreement, positive and negative agreement "
        "(Cicchetti & Feinstein, 1990), Cohen’s κ (1960), Gwet’s AC1 (2008) and Krippendorff’s "
        "nominal α (2019), and for the machine precision and recall. Where several coders had read "
        "an excerpt, one of them, chosen at random, was compared with the machine."
    )
    if evaluation.people:
        yield "Coders were compared in pairs, and their κ is the mean over pairs (Light, 1971)."
    yield (
        "Figures over codes are unweighted means; α over whole sets of codes uses the MASI "
        "distance (Passonneau, 2006)."
    )


def _write_intervals(evaluation: Evaluation) -> Iterator[str]:
    yield (
        f"Intervals of {LEVEL:.0%} resample whole groups (families, else participants; "
        f"{say_count(evaluation.headline.n_groups)} in all): bias-corrected and accelerated "
        f"bootstrap with {say_count(evaluation.n_resamples)} resamples (Efron, 1987; seed "
        f"{evaluation.seed}), and the jackknife with Student’s t. No interval is given for fewer "
        f"than {FEWEST_GROUPS} groups."
    )


def _say_coders(evaluation: Evaluation) -> str:
    headline, people = evaluation.headline, evaluation.people
    if people is None:
        return f"{headline.n_coders}. {NO_PAIRS}"
    share = people.n_excerpts / headline.n_excerpts
    read = say_count(people.n_excerpts)
    return f"{headline.n_coders}. Two or more of them read {read} of the excerpts ({share:.0%})."


def _say_draw(evaluation: Evaluation) -> str:
    if not evaluation.n_drawn:
        return (
            "None was drawn: what counts was coded away from the suggestions, as codings from a "
            "file are that does not call them assisted."
        )
    owed = evaluation.n_owed / evaluation.n_drawn
    return (
        f"Of the excerpts judged, {say_count(evaluation.n_from_draw)} were drawn by lot and coded "
        f"blind on the page, {say_count(evaluation.n_from_file)} came from a file, which counts as "
        "blind unless it calls them assisted. An excerpt counts 1 over its chance to be coded the "
        f"way it was. {count_of(evaluation.n_drawn, 'excerpt')} of the study are drawn; "
        f"{say_count(evaluation.n_owed)} of them ({owed:.0%}) nobody has coded yet."
    )


def _say_model(evaluation: Evaluation) -> str:
    model = evaluation.model
    learnt = (
        f"It has learnt from codings of {count_of(len(model.trained_on), 'interview')}, and is "
        "judged on others only."
        if model.trained_on
        else "It has learnt from no coding."
    )
    return (
        f"{model.method} ({model.encoder}), version {model.sha256[:12]} of "
        f"{say_moment(model.made_at)}, for codebook version {model.codebook_version}. {learnt}"
    )


def _say_told(evaluation: Evaluation) -> str:
    n_told = evaluation.headline.comparison.pooled.n_codes
    told = f"{count_of(n_told, 'code')} for people and the machine"
    people = evaluation.people
    if people is None:
        return told
    return f"{told} and {people.comparison.pooled.n_codes} for people with one another"
