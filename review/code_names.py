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
    proposed = {
        each.code_id: NamedCode(each.guid, each.name, None, each.state == PROVISIONAL)
        for each in desk.seen_proposed()
        if each.state in (DECLINED, PROVISIONAL)
    }
    return proposed | {
        version.code_ids[code.guid]: NamedCode(code.guid, code.wording(language).name, code.colour)
        for code in version.codebook.codes
    }
