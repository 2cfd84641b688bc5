"""Makes evaluations by hand, full and empty ones; every name and word here is synthetic."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from models.agreement import (
    BETWEEN_PEOPLE,
    WITH_MACHINE,
    CodeFigures,
    Comparison,
    PooledFigures,
    ShownEffect,
)
from models.agreement.assistance import FIGURES as SPLIT_FIGURES
from models.agreement.tables import CodeCounts
from models.intervals import Estimate, Interval
from pipeline.evaluation.records import (
    Agreement,
    Baseline,
    CodeUse,
    Disagreement,
    Effect,
    EndToEnd,
    Evaluation,
    GroupErrors,
    InPlace,
    Misses,
    Mixup,
    PartFigures,
    SpanFigures,
)
from study.model_versions import StoredModel

MADE_AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SUMMARY = ("kappa", "f1", "precision", "recall")
UNDEFINED = "undefined: nothing to divide by, as where everybody said the same of every excerpt"
FEW = "too few to tell: given to 3 excerpts of 2 participants (10 of 5 are needed)"
NO_INTERVAL = "no interval: 5 groups, 8 are needed"
NOTHING = Estimate(None, 0, note="too few to tell: there is no code to take a mean over")
MODEL = StoredModel(
    id=1,
    method="similarity",
    encoder="synthetic-encoder",
    sha256="0123456789abcdef" * 4,
    state="current",
    settings_hash="s",
    codebook_version=2,
    trained_on=frozenset(),
    made_at=MADE_AT,
)


class Maker:
    """Makes figures that differ from one another, the same ones each time."""

    def __init__(self, *, seed=1, n_groups=24):
        self.random = np.random.default_rng(seed)
        self.n_groups = n_groups

    def estimate(self, low=-0.1, high=0.9):
        value = float(self.random.uniform(low, high))
        spread, lean = self.random.uniform(0.02, 0.12), self.random.uniform(-0.01, 0.03)
        lowest = -1.0 if low < 0 else 0.0
        return Estimate(
            value,
            self.n_groups,
            Interval(max(lowest, value - spread), min(1.0, value + spread * 1.3)),
            Interval(max(lowest, value - spread - lean), min(1.0, value + spread + lean)),
        )

    def figures(self, names):
        return {name: self.estimate(0.01, 0.9) for name in names} | {"kappa": self.estimate()}

    def comparison(self, n_codes, names=WITH_MACHINE, few=()):
        codes = tuple(
            _too_few(names, n_excerpts=400)
            if number in few
            else CodeFigures(CodeCounts(400, 20 + number, 9), self.figures(names))
            for number in range(n_codes)
        )
        return Comparison(codes, PooledFigures(n_codes - len(few), self.figures(names)))

    def agreement(self, n_codes, names=WITH_MACHINE, few=()):
        return Agreement(
            self.comparison(n_codes, names, few),
            self.estimate(),
            n_excerpts=400,
            n_interviews=26,
            n_participants=25,
            n_groups=self.n_groups,
            n_coders=3,
        )


def make_evaluation(n_codes=6, *, names=None, few=(4, 5), quotes=None, **changes):
    """Make an evaluation that has everything, some codes told and some not.

    Args:
        quotes: Words for each disagreement; None leaves words out.
    """
    maker = Maker()
    keys = tuple(f"code_{number}" for number in range(n_codes))
    kept = {key: maker.estimate() for key in keys[:3]}
    made = Evaluation(
        made_at=MADE_AT,
        stance="coding reliability",
        is_synthetic=True,
        seed=20261124,
        n_resamples=2000,
        keys=keys,
        names=tuple(names or (f"Code number {number}" for number in range(n_codes))),
        model=MODEL,
        codebook_version=3,
        n_waiting=2,
        n_drawn=120,
        n_owed=15,
        n_from_draw=105,
        n_from_file=295,
        headline=maker.agreement(n_codes, few=few),
        uses=tuple(CodeUse(30 + n, 40 + n, 12 + n) for n in range(n_codes)),
        people=maker.agreement(n_codes, BETWEEN_PEOPLE, few=(*few, 1)),
        in_place=InPlace(
            maker.agreement(n_codes, BETWEEN_PEOPLE, few=few),
            maker.agreement(n_codes, BETWEEN_PEOPLE, few=few),
            n_codes=n_codes - len(few),
            people_kappa=maker.estimate(),
            machine_kappa=maker.estimate(),
            difference=maker.estimate(-0.3, 0.0),
            share=maker.estimate(),
        ),
        effect=make_effect(maker, n_codes),
        assisted=maker.agreement(n_codes),
        misses=Misses(90, 41, maker.estimate(0.2, 0.6), 150, 12, maker.estimate(0.02, 0.2)),
        baselines=tuple(
            Baseline(name, PooledFigures(4, maker.figures(SUMMARY)), maker.estimate(-0.2, 0.2))
            for name in ("similarity", "majority", "tfidf")
        ),
        groups=(
            GroupErrors("role", "mother", 14, 230, 60, 31, 29, 44),
            GroupErrors("role", "father", 11, 170, 30, 18, 12, 25),
        ),
        parts=tuple(
            PartFigures(kind, label, 200, 12, PooledFigures(3, maker.figures(SUMMARY)))
            for kind, label in (
                ("model", "similarity 0123456789ab, codebook version 2"),
                ("codebook", "version 2"),
                ("codebook", "version 3"),
                ("round", "pilot"),
            )
        ),
        machine_mixups=make_mixups(keys),
        people_mixups=make_mixups(keys)[:5],
        disagreements=make_disagreements(keys, quotes),
        end_to_end=EndToEnd(
            on_given=maker.agreement(n_codes),
            machine_spans=SpanFigures(maker.estimate(), kept, 52_000),
            people_spans=SpanFigures(maker.estimate(), kept, 41_000),
        ),
        evidence="e" * 64,
    )
    return replace(made, **changes)


def make_effect(maker, n_codes):
    split = ShownEffect(
        {name: maker.estimate(-0.2, 0.2) for name in SPLIT_FIGURES},
        n_shown=210,
        n_unshown=40,
        n_choices={name: (200 + n, 40 + n) for n, name in enumerate(SPLIT_FIGURES)},
    )
    return Effect(
        assisted=maker.agreement(n_codes),
        blind=maker.agreement(n_codes),
        n_codes=n_codes - 1,
        figures={
            name: maker.estimate(-0.1, 0.3) for name in ("kappa", "positive_agreement", "agreement")
        },
        split=split,
        note="",
    )


def make_mixups(keys):
    return tuple(
        Mixup(one, other, len(keys) - number)
        for number, (one, other) in enumerate(pairwise(keys[:12]))
    )


def make_disagreements(keys, quotes):
    return tuple(
        Disagreement(
            interview=f"I{number % 7}",
            participant=f"P{number % 7}",
            excerpt_id=100 + number,
            excerpt=f"I{number % 7}_e{number}",
            code=key,
            n_given=number % 3,
            n_coders=2,
            is_suggested=number % 3 == 0,
            text=None if quotes is None else quotes[number % len(quotes)],
        )
        for key in keys[:8]
        for number in range(9)
    )


def make_empty(n_codes=3):
    """Make an evaluation of which there is too little to tell of anything, and nobody else."""
    few = tuple(range(n_codes))
    nothing = make_nothing(n_codes)
    return make_evaluation(
        n_codes,
        few=few,
        headline=nothing,
        people=None,
        in_place=None,
        effect=None,
        assisted=None,
        misses=Misses(0, 0, NOTHING, 0, 0, NOTHING),
        baselines=(Baseline("similarity", _pooled_nothing(SUMMARY), NOTHING),),
        groups=(),
        parts=(),
        machine_mixups=(),
        people_mixups=(),
        disagreements=(),
        end_to_end=EndToEnd(
            None, SpanFigures(NOTHING, {f"code_{n}": NOTHING for n in range(n_codes)}, 0), None
        ),
        n_drawn=0,
        n_owed=0,
        n_from_draw=0,
        n_from_file=0,
        n_waiting=0,
        is_synthetic=False,
        stance="",
    )


def make_nothing(n_codes):
    codes = tuple(_too_few(WITH_MACHINE) for _ in range(n_codes))
    return Agreement(Comparison(codes, _pooled_nothing(WITH_MACHINE)), NOTHING, 4, 1, 1, 1, 1)


def _pooled_nothing(names):
    return PooledFigures(0, dict.fromkeys(names, NOTHING))


def _too_few(names, n_excerpts=4):
    figures = {name: Estimate(None, 2, note=FEW) for name in names}
    return CodeFigures(CodeCounts(n_excerpts, 3, 2), figures, FEW)
