"""Agreement on stretches of text, whoever cut them how, and on what coders had before them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models import continua
from models.agreement import BoolArray, Comparison
from models.continua import Continuum, Stretch
from models.intervals import Estimate, estimate
from models.unitizing import Coincidences, count_coincidences, u_alphas
from pipeline.evaluation.compared import compare_with_machine
from pipeline.evaluation.material import (
    InterviewMaterial,
    Material,
    list_given_units,
    list_units,
)
from pipeline.evaluation.readings import Floats, lay_out, number_groups
from pipeline.evaluation.records import Agreement, EndToEnd, SpanFigures
from study.coded_work import FinishedWork

PERSON, MACHINE = 0, 1


def measure_end_to_end(
    material: Material, machine: Comparison, people: Comparison | None
) -> EndToEnd:
    """Judge the study's own cut together with its suggestions.

    Args:
        material: Blind work only.
        machine, people: On the study's excerpts; they say of which codes there is enough to tell.
    """
    continua_with_machine = _continua(material, _with_machine(material))
    continua_of_people = _continua(material, _of_people(material))
    return EndToEnd(
        on_given=_compare_on_given(material),
        machine_spans=_measure_spans(material, continua_with_machine, machine),
        people_spans=_measure_spans(material, continua_of_people, people)
        if people is not None
        else None,
    )


@dataclass(frozen=True)
class _Continua:
    """Transcripts as read and marked.

    members: (n_groups, n_continua) how much of each counts in each group.
    shares: (n_continua,) 1 over how often its interview is among them.
    """

    continua: Sequence[Continuum]
    members: Floats
    shares: Floats


def _compare_on_given(material: Material) -> Agreement | None:
    """Compare on the stretches that coders had before them, where these are not the study's."""
    foreign = replace(
        material,
        interviews=tuple(
            replace(interview, work=_list_foreign(interview)) for interview in material.interviews
        ),
    )
    laid_out = lay_out(foreign, list_units=list_given_units)
    return compare_with_machine(laid_out) if laid_out.units else None


def _list_foreign(interview: InterviewMaterial) -> tuple[FinishedWork, ...]:
    # On the page coders have the study's own excerpts before them.
    given = tuple(work for work in interview.work if work.is_whole)
    ours = set(list_units(interview))
    return given if any(work.span not in ours for work in given) else ()


def _continua(material: Material, pairs: Iterator[tuple[int, Continuum]]) -> _Continua:
    found = list(pairs)
    places = np.array([place for place, _ in found], dtype=np.int64)
    groups = number_groups(material)
    members = np.arange(groups.max(initial=-1) + 1)[:, None] == groups[places]
    # An interview that several coders read is set beside the machine's reading once for each.
    times = np.bincount(places, minlength=len(groups))[places]
    return _Continua([continuum for _, continuum in found], members / times, 1 / times)


def _with_machine(material: Material) -> Iterator[tuple[int, Continuum]]:
    """Set each coder's reading of an interview beside the machine's."""
    for place, interview in enumerate(material.interviews):
        if interview.headline is None:
            continue
        frames = {excerpt.id: excerpt.span for excerpt in interview.excerpts}
        columns = material.columns
        ours = [
            continua.Span(
                MACHINE, frames[excerpt].start_char, frames[excerpt].end_char, columns[code]
            )
            for excerpt, code in interview.suggested[interview.headline]
            # Empty excerpts, which a file may give, have no text to agree on.
            if code in columns and frames[excerpt].start_char < frames[excerpt].end_char
        ]
        read = [Stretch(MACHINE, span.start_char, span.end_char) for span in frames.values()]
        for coder in sorted({work.coder for work in interview.work}):
            stretches, spans = _reading(material, interview, coder, PERSON)
            yield (
                place,
                Continuum(
                    len(interview.transcript.text),
                    stretches=_joined(stretches + read),
                    spans=spans + ours,
                ),
            )


def _of_people(material: Material) -> Iterator[tuple[int, Continuum]]:
    for place, interview in enumerate(material.interviews):
        coders = sorted({work.coder for work in interview.work})
        readings = [
            _reading(material, interview, coder, number) for number, coder in enumerate(coders)
        ]
        if len(coders) >= 2:
            yield (
                place,
                Continuum(
                    len(interview.transcript.text),
                    stretches=_joined([one for read, _ in readings for one in read]),
                    spans=[one for _, spans in readings for one in spans],
                ),
            )


def _reading(
    material: Material, interview: InterviewMaterial, coder: str, number: int
) -> tuple[list[Stretch], list[continua.Span]]:
    columns = material.columns
    work = [
        each
        for each in interview.work
        if each.coder == coder and each.span.start_char < each.span.end_char
    ]
    stretches = [Stretch(number, each.span.start_char, each.span.end_char) for each in work]
    spans = [
        continua.Span(number, each.span.start_char, each.span.end_char, columns[code])
        for each in work
        for code in sorted(each.given)
        if code in columns
    ]
    return stretches, spans


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    return sorted({stretch for stretch in stretches if stretch.start < stretch.end})


def _measure_spans(material: Material, read: _Continua, comparison: Comparison) -> SpanFigures:
    sums = count_coincidences(read.continua, n_codes=len(material.columns))
    codes = {
        key: _estimate(coincidences, read.members)
        if figures.is_told
        else Estimate(None, 0, note=figures.note)
        for key, coincidences, figures in zip(
            material.keys, sums.codes, comparison.codes, strict=True
        )
    }
    return SpanFigures(
        any_code=_estimate(sums.relevance, read.members),
        codes=codes,
        n_characters=round(float(read.shares @ sums.n_shared_chars)),
    )


def _estimate(coincidences: Coincidences, members: Floats) -> Estimate:
    by_group = Coincidences(
        observed=members @ coincidences.observed,
        lengths=members @ coincidences.lengths,
        own=members @ coincidences.own,
        spread=members @ coincidences.spread @ members.T,
    )
    has_data: BoolArray = by_group.has_data
    if not has_data.any():
        return Estimate(None, 0, note="too few to tell: no stretch was read by both sides")

    def alpha(counts: Floats) -> Floats:
        return u_alphas(by_group, counts)

    return estimate(alpha, has_data)
