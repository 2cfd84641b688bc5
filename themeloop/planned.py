"""What a study's blind draw is planned from: how much there will be, and what that gives."""

from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

from models import planning
from models.planning import CLUSTERING, Design, Expected, Need, Outlook, Row, count
from study.coded_work import Case, read_cases
from study.draws import DrawState, read_draw_state
from study.errors import StudyError
from study.folder import SETTINGS_FILE, Study
from study.settings import make_settings, save_setting


@dataclass(frozen=True)
class Question:
    """What is expected of codes, and how narrow their intervals are to be."""

    kappa: float
    prevalences: tuple[float, ...]
    half_widths: tuple[float, ...]
    clustering: float = CLUSTERING


@dataclass(frozen=True)
class Plan:
    """A question asked of what there will be to draw from.

    rate: The share of what can still be drawn that will be drawn.
    """

    question: Question
    design: Design
    n_interviews: int
    state: DrawState
    rate: float

    @property
    def n_left(self) -> int:
        """Excerpts of interviews that are not queued yet."""
        return self.design.n_excerpts - self.state.n_settled_excerpts

    @property
    def drawn(self) -> dict[float, float]:
        """Excerpts that are expected to be drawn in the end, by their rate."""
        more = self.rate * self.n_left
        return {**self.state.drawn, self.rate: self.state.drawn.get(self.rate, 0) + more}

    @property
    def n_drawn(self) -> float:
        """Excerpts that are expected to be drawn in the end."""
        return sum(self.drawn.values())

    @property
    def n_effective(self) -> float:
        """How many excerpts of one rate tell as much."""
        return planning.effective_n(self.drawn)

    @property
    def spread(self) -> float:
        """The standard deviation of that number."""
        return planning.draw_spread(self.n_left, self.rate, self.design.run_length)

    def share(self, need: Need) -> float | None:
        """Give what share of all excerpts a need is; None where no number would do."""
        return None if need.n is None else need.n / self.design.n_excerpts

    def rows(self) -> list[Row]:
        """Tell what codes of each prevalence need."""
        question = self.question
        return planning.plan_rows(
            question.kappa, question.prevalences, question.half_widths, self.design
        )

    def outlooks(self) -> list[Outlook]:
        """Tell what the rate as it stands would give them."""
        question = self.question
        return planning.look_ahead(question.kappa, question.prevalences, self.design, self.drawn)


def make_plan(
    study: Study | None, question: Question, *, interviews: int | None, excerpts: int | None
) -> Plan:
    """Size what there will be to draw from; what nobody says is taken from the study.

    Args:
        interviews: How many there will be in all.
        excerpts: How many an interview will have that is not queued yet.

    Raises:
        StudyError: Nobody said how much there will be, or less than there is already.
    """
    settings = study.settings if study else make_settings({})
    state, cases = _read_study(study) if study else (DrawState(), [])
    n_interviews = state.n_interviews if interviews is None else interviews
    n_more = n_interviews - state.n_interviews
    if n_more < 0:
        raise StudyError(
            f"--interviews {n_interviews}: the study holds {state.n_interviews} already. Say how "
            "many there will be in all."
        )
    design = Design(
        n_participants=len({case.participant for case in cases}) + n_more,
        n_groups=len({case.group for case in cases}) + n_more,
        n_excerpts=count_excerpts(state, n_interviews, excerpts),
        run_length=settings.blind_run_excerpts,
        clustering=question.clustering,
    )
    return Plan(question, design, n_interviews, state, settings.blind_rate)


def count_excerpts(state: DrawState, n_interviews: int, per_interview: int | None) -> int:
    """Count the excerpts there will be; interviews not cut yet are taken for average ones.

    Raises:
        StudyError: Nobody said, and nothing is cut yet.
    """
    if not n_interviews:
        raise StudyError(
            "The study holds no interviews yet. Say how many there will be: --interviews N "
            "--excerpts N (per interview)."
        )
    if per_interview is not None:
        return state.n_settled_excerpts + (n_interviews - state.n_settled) * per_interview
    if not state.n_cut:
        raise StudyError(
            "No interview is cut into excerpts yet. Say how many an interview will have: "
            "--excerpts N."
        )
    return round(n_interviews * state.n_excerpts / state.n_cut)


def find_rate(plan: Plan, prevalence: float, half_width: float) -> float:
    """Give the blind_rate that an interval needs from now on.

    Raises:
        StudyError: There is none.
    """
    expected = Expected(plan.question.kappa, prevalence)
    need = planning.excerpts_for_width(expected, plan.design, half_width)
    cell = f"κ ± {half_width:g} of a code given to {tell_share(prevalence)}"
    if need.n is None:
        raise StudyError(f"{cell}: {need.why}. Nothing was set.")
    rate = planning.solve_rate(need.n, plan.state.drawn, plan.n_left)
    if rate > 1:
        raise StudyError(
            f"{cell} takes {count(need.n, 'excerpt')} drawn at one rate. The "
            f"{plan.state.n_drawn:,} drawn already were drawn at another, so that each stands for "
            f"more excerpts, and all {plan.n_left:,} of interviews that are not queued yet do not "
            "make up for it. Nothing was set; --interviews says how many there will be in all."
        )
    # Up, so that rounding never leaves it out of reach.
    return min(1.0, ceil(1000 * rate) / 1000)


def set_rate(study: Study, rate: float) -> str:
    """Write a blind_rate to study.toml; say what was changed, and from when it holds.

    Raises:
        StudyError: It cannot be written.
    """
    save_setting(study.folder / SETTINGS_FILE, "blind_rate", rate)
    return (
        f"Set blind_rate = {rate:g} in {SETTINGS_FILE}; it was {study.settings.blind_rate:g}. It "
        "holds for interviews that are queued from now on."
    )


def as_figures(plan: Plan) -> dict[str, Any]:
    """Lay a plan out for JSON; what cannot be had is null, with why."""
    return {
        "kappa": plan.question.kappa,
        "n_interviews": plan.n_interviews,
        **asdict(plan.design),
        "needed": [_row_figures(plan, row) for row in plan.rows()],
        "queued_already": {
            "n_interviews": plan.state.n_settled,
            "n_excerpts": plan.state.n_settled_excerpts,
            "n_drawn": plan.state.n_drawn,
        },
        "blind_rate": plan.rate,
        "n_left": plan.n_left,
        "n_drawn": plan.n_drawn,
        "n_drawn_spread": plan.spread,
        "n_effective": plan.n_effective,
        "outlook": [{**asdict(outlook), "why": outlook.why or None} for outlook in plan.outlooks()],
    }


def describe_settled(plan: Plan) -> str:
    """Say what no setting changes any more, and what it still does; empty where that is all."""
    state = plan.state
    if not state.n_settled:
        return ""
    left = (
        f"What is set now holds for the other {count(plan.n_left, 'excerpt')}."
        if plan.n_left
        else "Nothing is left to draw from; --interviews says how many there will be in all."
    )
    uneven = (
        f" Drawn at unequal rates, they tell as much as {plan.n_effective:,.0f} of one rate."
        if round(plan.n_effective) < round(plan.n_drawn)
        else ""
    )
    return (
        f"{count(state.n_settled, 'interview')} of these are queued already: {state.n_drawn:,} "
        f"of their {count(state.n_settled_excerpts, 'excerpt')} are drawn, and that never "
        f"changes. {left}{uneven}"
    )


def tell_share(share: float) -> str:
    """Say a share in per cent."""
    return f"{100 * share:.3g}%"


def _row_figures(plan: Plan, row: Row) -> dict[str, Any]:
    return {
        "prevalence": row.prevalence,
        "reported": _need_figures(plan, row.reported),
        "intervals": [
            {"half_width": half_width, **_need_figures(plan, need)}
            for half_width, need in zip(plan.question.half_widths, row.needs, strict=True)
        ],
    }


def _need_figures(plan: Plan, need: Need) -> dict[str, Any]:
    return {"n": need.n, "share": plan.share(need), "why": need.why or None}


def _read_study(study: Study) -> tuple[DrawState, list[Case]]:
    with study.database.read() as connection:
        return read_draw_state(connection), list(read_cases(connection).values())
