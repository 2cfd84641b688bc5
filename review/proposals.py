"""Puts together what the page of provisional codes shows: to a lead all, to a coder their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from codebook.drafts import key_from_name
from review.desk import Desk
from study.codebooks import read_merging
from study.coders import list_coders
from study.judged_proposals import read_reasons
from study.proposal_quotes import ProposalUse, read_uses
from study.proposed_codes import (
    ACCEPTED,
    DECLINED,
    MERGED,
    PROVISIONAL,
    WITHDRAWN,
    ProposedCode,
)

# What waits for the lead comes first.
ORDER = (PROVISIONAL, MERGED, ACCEPTED, DECLINED)


@dataclass(frozen=True)
class ProposalView:
    """A code that a coder made, and what became of it.

    state: In the reader's words.
    key: What it is called in files: its key in the codebook, else one to begin with.
    reason: Why it was declined.
    can_judge: A lead reads, and it may be accepted or merged.
    """

    code: ProposedCode
    maker: str
    use: ProposalUse
    state: str
    key: str
    reason: str
    can_judge: bool

    @property
    def is_declined(self) -> bool:
        """Tell whether it counts for nothing."""
        return self.code.state == DECLINED

    @property
    def is_provisional(self) -> bool:
        """Tell whether it waits for the lead."""
        return self.code.state == PROVISIONAL


def list_proposals(desk: Desk) -> list[ProposalView]:
    """List what this coder may see of the codes that coders made, the waiting ones first.

    What its maker took back before anybody decided is nobody's concern.
    """
    proposed = [each for each in desk.seen_proposed() if each.state != WITHDRAWN]
    with desk.study.database.read() as connection:
        names = {coder.id: coder.name for coder in list_coders(connection)}
        reasons = read_reasons(connection)
        uses = read_uses(connection, [each.code_id for each in proposed], reader=desk.coder)
        into = read_merging(connection).into
    return [
        ProposalView(
            code=each,
            maker=names[each.coder_id],
            use=uses[each.code_id],
            state=_describe(desk, each, into.get(each.code_id)),
            key=key_from_name(each.name),
            reason=reasons.get(each.code_id, ""),
            can_judge=desk.coder.is_lead and each.state in (PROVISIONAL, MERGED),
        )
        for each in _order(proposed)
    ]


def list_codes(desk: Desk) -> list[tuple[str, str]]:
    """List the codes of the codebook by name, each with its GUID."""
    codes = desk.codebook().codebook.codes
    return sorted((code.wording(desk.say.language).name, code.guid) for code in codes)


def list_theme_names(desk: Desk) -> list[tuple[str, str]]:
    """List the codebook's themes in their order, by name, each with its GUID."""
    themes = desk.codebook().codebook.themes
    return [(theme.wording(desk.say.language).name, theme.guid) for theme in themes]


def _order(proposed: Sequence[ProposedCode]) -> list[ProposedCode]:
    return sorted(proposed, key=lambda each: (ORDER.index(each.state), each.id))


def _describe(desk: Desk, proposed: ProposedCode, into: int | None) -> str:
    say, version = desk.say, desk.codebook()
    codes = {version.code_ids[code.guid]: code for code in version.codebook.codes}
    if proposed.state == PROVISIONAL:
        return say("Waits for the lead")
    if proposed.state == DECLINED:
        return say("Declined: it counts for nothing")
    if proposed.state == ACCEPTED:
        code = codes.get(proposed.code_id)
        if code is None:
            return say("Was accepted; the codebook has it no longer")
        return say("Accepted as “{name}”", name=code.wording(say.language).name)
    target = codes.get(into or 0)
    if target is None:
        return say("Was merged; the codebook has that code no longer")
    return say("Merged into “{name}”", name=target.wording(say.language).name)
