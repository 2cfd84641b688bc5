"""What every page says around what it shows: whose study, who reads, in which language."""

import json
from dataclasses import asdict
from typing import Any

from fastapi import Request

from review.desk import Desk
from review.languages import LANGUAGES
from review.wording import choose_words
from study.stance import may_show_agreement


def make_frame(desk: Desk, request: Request) -> dict[str, Any]:
    """Give what the templates of every page want."""
    settings, gate = desk.study.settings, request.app.state.room.gate
    return {
        "study": settings.name,
        "coder": desk.coder.name,
        "owner": desk.owner,
        "is_lead": desk.coder.is_lead,
        "is_synthetic": settings.is_synthetic,
        "words": asdict(choose_words(settings.stance, desk.say)),
        "shows_agreement": may_show_agreement(settings.stance),
        "say": desk.say,
        "language": desk.say.language,
        "languages": LANGUAGES,
        "catalogue": json.dumps(dict(desk.say.catalogue), ensure_ascii=False),
        "csrf": gate.csrf_of(request),
        "is_signed_in": gate.is_signed_in(request),
    }
