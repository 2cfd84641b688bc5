"""Where codes that coders made were given, as far as one person may see it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from study import tables as t
from study.coded_work import read_cases
from study.coders import Coder
from study.draws import list_owing
from study.standing_codings import Wanted, select_standing

N_QUOTES = 5


@dataclass(frozen=True)
class ProposalQuote:
    """Words that a code was given to, and who gave it; number is the excerpt's, from 1."""

    excerpt_id: int
    interview: str
    number: int
    participant: str
    language: str | None
    coder: str
    text: str


@dataclass(frozen=True)
class ProposalUse:
    """How a code is used.

    n_codings: How often it stands, as far as the reader may know: of an interview that they have
        still to read blind, what they gave themself.
    quotes: The first of those that may be seen.
    n_waiting: The reader's own in interviews that they have still to read blind.
    """

    n_codings: int = 0
    quotes: tuple[ProposalQuote, ...] = ()
    n_waiting: int = 0

    @property
    def n_more(self) -> int:
        """Count what may be seen and is not quoted."""
        return self.n_codings - self.n_waiting - len(self.quotes)


@dataclass(frozen=True)
class _Coding:
    code_id: int
    coder_id: int
    excerpt_id: int = field(compare=False)
    interview_id: int
    version_id: int
    start_char: int
    end_char: int


def read_uses(
    connection: sa.Connection, code_ids: Sequence[int], *, reader: Coder
) -> Mapping[int, ProposalUse]:
    """Read how codes are used, by row: a lead is told of everybody, a coder of themself."""
    if not code_ids:
        return {}
    who = None if reader.is_lead else reader.id
    standing = select_standing(Wanted(who, codes=frozenset(code_ids))).subquery()
    columns = [standing.c[name] for name in _Coding.__dataclass_fields__]
    rows = connection.execute(
        sa.select(*columns).order_by(
            standing.c.interview_id, standing.c.start_char, standing.c.excerpt_id
        )
    )
    # Words in several excerpts were given the code once.
    codings = dict.fromkeys(_Coding(*row) for row in rows)
    hidden = find_hidden(connection, reader)
    by_code: dict[int, list[_Coding]] = defaultdict(list)
    for coding in codings:
        # How often others gave it in an interview that is to be read blind is not told either.
        if coding.coder_id == reader.id or coding.interview_id not in hidden:
            by_code[coding.code_id].append(coding)
    uses = {
        code_id: ProposalUse(
            n_codings=len(by_code[code_id]),
            n_waiting=sum(each.interview_id in hidden for each in by_code[code_id]),
        )
        for code_id in code_ids
    }
    seen = {
        code_id: [each for each in by_code[code_id] if each.interview_id not in hidden][:N_QUOTES]
        for code_id in code_ids
    }
    quotes = _quote(connection, [each for codings in seen.values() for each in codings])
    return {
        code_id: replace(use, quotes=tuple(quotes[each] for each in seen[code_id]))
        for code_id, use in uses.items()
    }


def find_hidden(connection: sa.Connection, reader: Coder) -> frozenset[int]:
    """Find the interviews of which a person may not see what was made of them.

    Who reviews is to read what is owed, and what is not queued yet, by themself first. Who does not
    is to read nothing blind.
    """
    if not reader.is_reviewing:
        return frozenset()
    queued = sa.select(t.queue_item.c.interview_id).where(t.queue_item.c.coder_id == reader.id)
    unqueued = sa.select(t.interview.c.id).where(t.interview.c.id.not_in(queued))
    return list_owing(connection, reader.id) | frozenset(connection.scalars(unqueued))


def _quote(connection: sa.Connection, codings: Sequence[_Coding]) -> dict[_Coding, ProposalQuote]:
    cases = read_cases(connection) if codings else {}
    return {
        coding: _read_quote(connection, coding, cases[coding.interview_id].participant)
        for coding in codings
    }


def _read_quote(connection: sa.Connection, coding: _Coding, participant: str) -> ProposalQuote:
    # Counted in code points by either database.
    length = coding.end_char - coding.start_char
    words = sa.func.substr(t.transcript_version.c.text, coding.start_char + 1, length)
    row = connection.execute(
        sa.select(
            t.excerpt.c.position,
            t.interview.c.label,
            t.interview.c.language,
            t.coder.c.name,
            words.label("words"),
        )
        .join(t.transcript_version, t.transcript_version.c.id == t.excerpt.c.transcript_version_id)
        .join(t.interview, t.interview.c.id == t.transcript_version.c.interview_id)
        .join(t.coder, t.coder.c.id == coding.coder_id)
        .where(t.excerpt.c.id == coding.excerpt_id)
    ).one()
    return ProposalQuote(
        excerpt_id=coding.excerpt_id,
        interview=row.label,
        number=row.position + 1,
        participant=participant,
        language=row.language,
        coder=row.name,
        text=row.words,
    )
