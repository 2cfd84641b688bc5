"""Gathers what a coder, or a lead for everybody, may be told of how the work stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from review.desk import Desk
from study.acceptance import WeekCount, count_decided, tell_mostly_not_taken
from study.coders import list_coders
from study.database import Connection
from study.draws import list_owing
from study.pace import Pace, note_pace_seen, read_pace_seen, read_paces
from study.progress import (
    Standing,
    Unsure,
    list_queued_coders,
    list_standing,
    list_unsure,
)
from study.stance import may_show_agreement


@dataclass(frozen=True)
class CodeFigures:
    """What became of one code's suggestions; in weeks only those in which any was decided on.

    not_taken: Where most were not taken, the interval of 95% of the share that was not.
    """

    guid: str
    name: str
    n_accepted: int
    n_rejected: int
    n_passed_over: int
    weeks: tuple[WeekCount, ...]
    not_taken: tuple[float, float] | None

    @property
    def n(self) -> int:
        """How many were decided on."""
        return self.n_accepted + self.n_rejected + self.n_passed_over

    @property
    def n_not_taken(self) -> int:
        """How many were rejected or passed over."""
        return self.n_rejected + self.n_passed_over


@dataclass(frozen=True)
class Figures:
    """All that the page tells.

    coders: Names of whom it is told, by row, in the order shown.
    n_elsewhere: Suggestions decided on whose codes the codebook has no longer.
    n_hidden: Interviews left out of what is told of codes, as the reader owes excerpts there.
    paces: By coder; of somebody else only once it was shown to them.
    """

    coders: Mapping[int, str]
    standing: tuple[Standing, ...]
    unsure: tuple[Unsure, ...]
    codes: tuple[CodeFigures, ...]
    n_elsewhere: int
    n_hidden: int
    paces: Mapping[int, Pace]


def read_own(desk: Desk, *, now: datetime) -> Figures:
    """Read how one's own work stands, as of now."""
    with desk.study.database.read() as connection:
        unsure = list_unsure(connection, desk.coder_id)
        paces = read_paces(connection, {desk.coder_id: now})
        return _gather(connection, desk, [desk.coder_id], unsure=unsure, paces=paces)


def read_everybody(desk: Desk) -> Figures:
    """Read how everybody's work stands; each one's pace as it was last shown to themselves."""
    with desk.study.database.read() as connection:
        coder_ids = list_queued_coders(connection)
        paces: Mapping[int, Pace] = {}
        # How a person reads is nobody else's concern where their own reading leads.
        if may_show_agreement(desk.study.settings.stance):
            seen = read_pace_seen(connection)
            paces = read_paces(connection, {each: seen[each] for each in coder_ids if each in seen})
        return _gather(connection, desk, coder_ids, unsure=(), paces=paces)


def has_others(desk: Desk) -> bool:
    """Tell whether anything is queued for anybody else."""
    with desk.study.database.read() as connection:
        return bool(set(list_queued_coders(connection)) - {desk.coder_id})


def remember_shown(desk: Desk, pace: Pace, *, now: datetime) -> None:
    """Note that a coder was shown their pace as of now, where there is any that they had not seen.

    A page that tells nothing new writes nothing, and so waits for nobody who does.
    """
    if pace.last_at is None:
        return
    with desk.study.database.read() as connection:
        seen_at = read_pace_seen(connection).get(desk.coder_id)
    if seen_at is None or pace.last_at >= seen_at:
        with desk.study.database.write() as connection:
            note_pace_seen(connection, desk.coder_id, now=now)


def _gather(
    connection: Connection,
    desk: Desk,
    coder_ids: list[int],
    *,
    unsure: Collection[Unsure],
    paces: Mapping[int, Pace],
) -> Figures:
    names = {coder.id: coder.name for coder in list_coders(connection)}
    codes: tuple[CodeFigures, ...] = ()
    n_elsewhere, hidden = 0, list_owing(connection, desk.coder_id)
    if may_show_agreement(desk.study.settings.stance):
        decided = count_decided(connection, coder_ids, hidden=hidden)
        codes = _name_codes(desk, decided)
        n_decided = sum(week.n for weeks in decided.values() for week in weeks)
        n_elsewhere = n_decided - sum(code.n for code in codes)
    return Figures(
        coders={coder_id: names[coder_id] for coder_id in coder_ids},
        standing=tuple(list_standing(connection, coder_ids)),
        unsure=tuple(unsure),
        codes=codes,
        n_elsewhere=n_elsewhere,
        n_hidden=len(hidden),
        paces=paces,
    )


def _name_codes(
    desk: Desk, decided: Mapping[int, tuple[WeekCount, ...]]
) -> tuple[CodeFigures, ...]:
    version = desk.shelf.reread()
    named = {code.guid: code.wording(desk.say.language).name for code in version.codebook.codes}
    found = [
        CodeFigures(
            guid=guid,
            name=named[guid],
            n_accepted=sum(week.n_accepted for week in decided[row]),
            n_rejected=sum(week.n_rejected for week in decided[row]),
            n_passed_over=sum(week.n_passed_over for week in decided[row]),
            weeks=decided[row],
            not_taken=tell_mostly_not_taken(decided[row]),
        )
        for guid, row in version.code_ids.items()
        if row in decided
    ]
    return tuple(sorted(found, key=lambda code: -code.n))
