"""Lays an evaluation out as JSON: everything that was measured, null for what is withheld."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.agreement import CodeFigures
from models.intervals import Estimate, Interval
from pipeline.evaluation.records import (
    Agreement,
    Effect,
    EndToEnd,
    Evaluation,
    InPlace,
    SpanFigures,
)
from pipeline.evaluation.rounding import round_figure


def lay_out_json(evaluation: Evaluation) -> dict[str, Any]:
    """Lay an evaluation out; beside values stand "intervals", with a note for what is withheld.

    The keys down to "codes" are those of `themeloop evaluate --json` from the start.
    """
    model, headline = evaluation.model, evaluation.headline
    return {
        "synthetic": evaluation.is_synthetic,
        "interviews": headline.n_interviews,
        "excerpts": headline.n_excerpts,
        "coders": headline.n_coders,
        "interviews_left_out": evaluation.n_waiting,
        "model": model.sha256,
        "method": model.method,
        "encoder": model.encoder,
        "codebook_version": evaluation.codebook_version,
        "codes_measured": headline.comparison.pooled.n_codes,
        "macro": lay_out_values(headline.comparison.pooled.figures),
        "human": evaluation.people and lay_out_agreement(evaluation, evaluation.people),
        "codes": _lay_out_codes(evaluation),
        **_lay_out_facts(evaluation),
        **_lay_out_comparisons(evaluation),
        **_lay_out_errors(evaluation),
        "end_to_end": _lay_out_spans(evaluation.end_to_end, evaluation),
        "disagreements": [_without_none(asdict(each)) for each in evaluation.disagreements],
    }


def lay_out_values(figures: Mapping[str, Estimate]) -> dict[str, Any]:
    """Lay figures out by name, each as its value, and under "intervals" how sure each is."""
    estimates = {name: lay_out_estimate(estimate) for name, estimate in figures.items()}
    values = {name: laid_out.pop("value") for name, laid_out in estimates.items()}
    return {**values, "intervals": estimates}


def lay_out_estimate(estimate: Estimate) -> dict[str, Any]:
    """Lay one figure out with its intervals, the groups it rests on, and why something lacks."""
    return {
        "value": round_figure(estimate.value),
        "bca": _lay_out_interval(estimate.bca),
        "jackknife_t": _lay_out_interval(estimate.jackknife_t),
        "groups": estimate.n_groups,
        "note": estimate.note,
    }


def lay_out_agreement(evaluation: Evaluation, agreement: Agreement) -> dict[str, Any]:
    """Lay out how well two sides agree: pooled, on whole sets of codes, and code by code."""
    pooled = agreement.comparison.pooled
    return {
        **lay_out_values(pooled.figures),
        "sets": lay_out_estimate(agreement.sets),
        **_lay_out_size(agreement),
        "codes_measured": pooled.n_codes,
        "codes": [
            {"code": key, **_lay_out_code(code)}
            for key, code in zip(evaluation.keys, agreement.comparison.codes, strict=True)
        ],
    }


def _lay_out_size(agreement: Agreement) -> dict[str, int]:
    return {
        "excerpts": agreement.n_excerpts,
        "interviews": agreement.n_interviews,
        "participants": agreement.n_participants,
        "groups": agreement.n_groups,
        "coders": agreement.n_coders,
    }


def _lay_out_code(code: CodeFigures) -> dict[str, Any]:
    return {
        "n": code.counts.n_excerpts,
        "n_given": code.counts.n_given,
        "n_participants": code.counts.n_participants,
        **lay_out_values(code.figures),
        "note": code.note,
    }


def _lay_out_codes(evaluation: Evaluation) -> list[dict[str, Any]]:
    rows = zip(
        evaluation.keys,
        evaluation.names,
        evaluation.uses,
        evaluation.headline.comparison.codes,
        strict=True,
    )
    return [
        {
            "code": key,
            "name": name,
            "n_human": use.n_people,
            "n_machine": use.n_machine,
            "n_both": use.n_both,
            **_lay_out_code(code),
        }
        for key, name, use, code in rows
    ]


def _lay_out_facts(evaluation: Evaluation) -> dict[str, Any]:
    model, headline = evaluation.model, evaluation.headline
    return {
        "made_at": evaluation.made_at.isoformat(),
        "evidence": evaluation.evidence,
        "stance": evaluation.stance,
        "seed": evaluation.seed,
        "n_resamples": evaluation.n_resamples,
        "model_made_at": model.made_at.isoformat(),
        "model_codebook_version": model.codebook_version,
        "model_learnt_from_interviews": len(model.trained_on),
        "interviews_left_out_as_learnt": evaluation.n_learnt,
        "blind_drawn": evaluation.n_drawn,
        "blind_owed": evaluation.n_owed,
        "excerpts_from_draw": evaluation.n_from_draw,
        "excerpts_from_file": evaluation.n_from_file,
        "participants": headline.n_participants,
        "groups": headline.n_groups,
        "sets": lay_out_estimate(headline.sets),
    }


def _lay_out_comparisons(evaluation: Evaluation) -> dict[str, Any]:
    assisted = evaluation.assisted
    return {
        "in_place": evaluation.in_place and _lay_out_in_place(evaluation, evaluation.in_place),
        "effect": evaluation.effect and _lay_out_effect(evaluation, evaluation.effect),
        "assisted": assisted and lay_out_agreement(evaluation, assisted),
        "baselines": [
            {
                "name": baseline.name,
                "codes_measured": baseline.figures.n_codes,
                **lay_out_values(baseline.figures.figures),
                "difference": lay_out_estimate(baseline.difference),
            }
            for baseline in evaluation.baselines
        ],
        "parts": [
            {
                "kind": part.kind,
                "label": part.label,
                "excerpts": part.n_excerpts,
                "groups": part.n_groups,
                "codes_measured": part.figures.n_codes,
                **lay_out_values(part.figures.figures),
            }
            for part in evaluation.parts
        ],
    }


def _lay_out_in_place(evaluation: Evaluation, in_place: InPlace) -> dict[str, Any]:
    return {
        "codes_measured": in_place.n_codes,
        "people_kappa": lay_out_estimate(in_place.people_kappa),
        "machine_kappa": lay_out_estimate(in_place.machine_kappa),
        "difference": lay_out_estimate(in_place.difference),
        "share": lay_out_estimate(in_place.share),
        "people": lay_out_agreement(evaluation, in_place.people),
        "machine": lay_out_agreement(evaluation, in_place.machine),
    }


def _lay_out_effect(evaluation: Evaluation, effect: Effect) -> dict[str, Any]:
    split = effect.split
    return {
        **lay_out_values(effect.figures),
        "codes_measured": effect.n_codes,
        "note": effect.note,
        "split": split
        and {
            **lay_out_values(split.figures),
            "n_shown": split.n_shown,
            "n_unshown": split.n_unshown,
            "n_choices": {
                name: {"shown": shown, "unshown": unshown}
                for name, (shown, unshown) in split.n_choices.items()
            },
        },
        "assisted": lay_out_agreement(evaluation, effect.assisted),
        "blind": lay_out_agreement(evaluation, effect.blind),
    }


def _lay_out_errors(evaluation: Evaluation) -> dict[str, Any]:
    misses = evaluation.misses
    return {
        "misses": {
            "n_given": misses.n_given,
            "n_missed": misses.n_missed,
            "missed": lay_out_estimate(misses.missed),
            "n_silent": misses.n_silent,
            "n_silent_coded": misses.n_silent_coded,
            "elusion": lay_out_estimate(misses.elusion),
        },
        "groups_by_attribute": [asdict(group) for group in evaluation.groups],
        "mixups": {
            "machine": [asdict(mixup) for mixup in evaluation.machine_mixups],
            "people": [asdict(mixup) for mixup in evaluation.people_mixups],
        },
    }


def _lay_out_spans(end_to_end: EndToEnd, evaluation: Evaluation) -> dict[str, Any]:
    on_given, people = end_to_end.on_given, end_to_end.people_spans
    return {
        "on_given": on_given and lay_out_agreement(evaluation, on_given),
        "machine_spans": _lay_out_span_figures(end_to_end.machine_spans),
        "people_spans": people and _lay_out_span_figures(people),
    }


def _lay_out_span_figures(spans: SpanFigures) -> dict[str, Any]:
    return {
        "characters": spans.n_characters,
        "any_code": lay_out_estimate(spans.any_code),
        "codes": [
            {"code": key, "u_alpha": lay_out_estimate(estimate)}
            for key, estimate in spans.codes.items()
        ],
    }


def _lay_out_interval(interval: Interval | None) -> list[float | None] | None:
    return [round_figure(bound) for bound in (interval.low, interval.high)] if interval else None


def _without_none(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out the words of an excerpt where nobody asked for them."""
    return {name: value for name, value in row.items() if value is not None}
