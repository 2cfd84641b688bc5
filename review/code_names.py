"""What codes are called in the reader's language, by row: those of the codebook, and proposed."""

from dataclasses import dataclass

from review.desk import Desk
from study.proposed_codes import DECLINED, PROVISIONAL


@dataclass(frozen=True)
class NamedCode:
    """A code as pages show it; is_provisional until the lead decides on it."""

    guid: str
    name: str
    colour: str | None
    is_provisional: bool = False


def name_rows(desk: Desk) -> dict[int, NamedCode]:
    """Name every code that this coder may give, and those that were declined, by row."""
    version = desk.codebook()
    language = desk.say.language
    declined = [each for each in desk.shelf.proposed() if each.state == DECLINED]
    proposed = {
        each.code_id: NamedCode(each.guid, each.name, None, each.state == PROVISIONAL)
        for each in (*declined, *desk.own_proposed())
        if desk.coder.is_lead or each.coder_id == desk.coder_id
    }
    return proposed | {
        version.code_ids[code.guid]: NamedCode(code.guid, code.wording(language).name, code.colour)
        for code in version.codebook.codes
    }


def name_code(desk: Desk, code_id: int) -> NamedCode:
    """Name one code; one that is in no codebook any more by its row."""
    unknown = NamedCode(f"code {code_id}", desk.say("A code of an earlier codebook"), None)
    return name_rows(desk).get(code_id, unknown)
