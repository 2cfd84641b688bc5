"""Simpler ways to propose, and model versions, codebook versions and rounds, side by side."""

from collections.abc import Iterator, Sequence

import numpy as np

from models.agreement import WITH_MACHINE, BoolArray, Tables, share_of_coders, tabulate_machine
from models.agreement.figures import BOUNDS, SHARE, PooledFigures, mean_kappa, pool, pool_paired
from models.agreement.figures import tell as tell_counts
from models.baselines import predict_majority, predict_tfidf
from models.folds import make_folds
from models.intervals import SEED, Estimate
from pipeline.evaluation.compared import DIFFERENCE, subtract
from pipeline.evaluation.material import InterviewMaterial, Material, keep_work
from pipeline.evaluation.misses import label_units
from pipeline.evaluation.readings import LaidOut, lay_out, read_text
from pipeline.evaluation.records import Baseline, PartFigures
from study.coded_work import FinishedWork

SUMMARY = ("kappa", "f1", "precision", "recall")
SIMILARITY = "similarity"


def measure_baselines(material: Material, laid_out: LaidOut) -> list[Baseline]:
    """Judge simpler ways to propose on the same excerpts and codes, learnt from other groups."""
    tables = tabulate_machine(laid_out.judged_by_both, laid_out.machine)
    codes = told_codes(tables)
    return [
        _judge(name, given, laid_out, tables, codes)
        for name, given in _propose_simply(material, laid_out)
    ]


def measure_parts(material: Material, laid_out: LaidOut) -> list[PartFigures]:
    """Measure every model version, codebook version and round by itself, blind as always."""
    return [
        PartFigures(
            kind,
            label,
            n_excerpts=len(part.units),
            n_groups=len(np.unique(part.readings.groups)),
            figures=summarise(part),
        )
        for kind, label, part in _list_parts(material, laid_out)
        if part.units
    ]


def summarise(laid_out: LaidOut) -> PooledFigures:
    """Give the most telling figures, as means over the codes told."""
    tables = tabulate_machine(laid_out.judged_by_both, laid_out.machine)
    return _pool(tables, told_codes(tables))


def told_codes(tables: Tables) -> list[int]:
    """List the codes of which there is enough to tell."""
    return [code for code, counts in enumerate(tables.counts) if not tell_counts(counts)]


def _pool(tables: Tables, codes: Sequence[int]) -> PooledFigures:
    figures = {
        name: pool(tables, codes, WITH_MACHINE[name], bounds=BOUNDS.get(name, SHARE))
        for name in SUMMARY
    }
    everything = np.ones((1, len(tables.by_excerpt)))
    n_defined = {
        name: sum(not np.isnan(WITH_MACHINE[name](tables, code, everything)[0]) for code in codes)
        for name in SUMMARY
    }
    return PooledFigures(len(codes), figures, n_defined)


def _judge(
    name: str, given: BoolArray, laid_out: LaidOut, machine: Tables, codes: Sequence[int]
) -> Baseline:
    if given is laid_out.machine:
        same = Estimate(0.0, 0, note="the machine is this baseline")
        return Baseline(name, _pool(machine, codes), same)
    tables = tabulate_machine(laid_out.judged_by_both, given)
    difference = pool_paired(machine, tables, codes, mean_kappa, subtract, bounds=DIFFERENCE)
    return Baseline(name, _pool(tables, codes), difference)


def _propose_simply(material: Material, laid_out: LaidOut) -> Iterator[tuple[str, BoolArray]]:
    yield SIMILARITY, _suggest_by_similarity(material, laid_out)
    groups = laid_out.readings.groups
    if len(np.unique(groups)) < 2:
        return
    labels = label_units(laid_out)
    judged = ~np.isnan(share_of_coders(laid_out.judged_by_both))
    folds = make_folds([str(group) for group in groups], labels, seed=SEED)
    yield "majority", predict_majority(labels, folds, judged=judged).given
    texts = [read_text(material, unit) for unit in laid_out.units]
    yield "tfidf", predict_tfidf(texts, labels, folds, judged=judged).given


def _suggest_by_similarity(material: Material, laid_out: LaidOut) -> BoolArray:
    """Give what similarity alone suggests on the same units; the machine's own where it is that."""
    methods = {model.id: model.method for model in material.models}
    if all(
        methods.get(each.headline or 0, SIMILARITY) == SIMILARITY for each in material.interviews
    ):
        return laid_out.machine

    def newest(interview: InterviewMaterial) -> int | None:
        fit = [model for model in interview.fit_models if methods[model] == SIMILARITY]
        return max(fit, default=None)

    other = lay_out(material, model_of=newest)
    rows = {unit: row for row, unit in enumerate(other.units)}
    given = np.zeros_like(laid_out.machine)
    for row, unit in enumerate(laid_out.units):
        if unit in rows:
            given[row] = other.machine[rows[unit]]
    return given


def _list_parts(material: Material, laid_out: LaidOut) -> Iterator[tuple[str, str, LaidOut]]:
    for model in material.models:

        def this_model(interview: InterviewMaterial, model_id: int = model.id) -> int | None:
            return model_id if model_id in interview.fit_models else None

        label = f"{model.method} {model.sha256[:12]}, codebook version {model.codebook_version}"
        yield "model", label, lay_out(material, model_of=this_model)
    for row, number in sorted(material.versions.items(), key=lambda pair: pair[1]):

        def in_version(_: InterviewMaterial, work: FinishedWork, row: int = row) -> bool:
            return work.codebook_version_id == row

        yield "codebook", f"version {number}", lay_out(keep_work(material, in_version))
    for row, name in sorted(material.rounds.items()):

        def in_round(_: InterviewMaterial, work: FinishedWork, row: int = row) -> bool:
            return work.round_id == row

        yield "round", name, lay_out(keep_work(material, in_round))
