"""Decides on the sample study over HTTP, so that pictures of its pages have something to show."""

import json
from pathlib import Path
from uuid import uuid4

from bench.scripted_coder import Json, list_suggestions
from bench.server_times import Line, finish_body
from bench.terminal import Report
from study.draws import find_owed
from study.folder import open_study
from study.review_queue import find_coder, list_progress

N_DECIDED = 60


def decide_some(address: str, report: Report) -> dict[str, str]:
    """Decide as a coder would, so that the pages have something to show; give what is where."""
    line = Line(address)
    excerpt_id = line.enter()
    facts: dict[str, str] = {}
    for number in range(N_DECIDED):
        report("Deciding", number, N_DECIDED)
        screen = line.read(f"/api/excerpts/{excerpt_id}")
        suggestions = list_suggestions(screen)
        if suggestions:
            facts |= {"decided": str(excerpt_id), "guid": suggestions[0]["guid"]}
        excerpt_id = _finish(line, screen, is_given=number % 4 > 0)
    report("Deciding", N_DECIDED, N_DECIDED)
    _propose_code(line, int(facts["decided"]))
    facts["open"] = _find_open(line, excerpt_id)
    line.close()
    return facts


def list_owed(folder: Path) -> dict[int, list[int]]:
    """List the excerpts that are still to be coded blind, by interview."""
    study = open_study(folder)
    with study.database.read() as connection:
        coder_id = find_coder(connection, study.settings.coder)
        progress = list_progress(connection, coder_id)
        owed = {
            row.interview_id: sorted(find_owed(connection, coder_id, row.interview_id))
            for row in progress
        }
    study.database.close()
    return {interview_id: excerpts for interview_id, excerpts in owed.items() if excerpts}


def finish_owed(address: str, folder: Path) -> None:
    """Finish all that is still to be coded blind; only then is the report shown."""
    line = Line(address)
    line.enter()
    for excerpt_id in (each for excerpts in list_owed(folder).values() for each in excerpts):
        body = finish_body(line.read(f"/api/excerpts/{excerpt_id}"), has_next=True)
        line.ask("POST", "/api/actions", body)
    line.close()


def _finish(line: Line, screen: Json, *, is_given: bool) -> int:
    """Give the first suggestion or not, reject the last of several, and go on."""
    suggestions = list_suggestions(screen)
    verdicts = ["pass_over" for _ in suggestions]
    verdicts[-1:] = ["reject"] * min(1, len(suggestions))
    verdicts[:1] = ["accept" if is_given else "reject"] * min(1, len(suggestions))
    body = {
        "id": str(uuid4()),
        "excerpt_id": screen["excerpt_id"],
        "after": screen["state"]["last_action"],
        "has_next": True,
        "verdicts": [
            *(
                {"verdict": verdict, "suggestion_id": suggestion["id"]}
                for verdict, suggestion in zip(verdicts, suggestions, strict=True)
            ),
            {"verdict": "done"},
        ],
    }
    following: int = json.loads(line.ask("POST", "/api/actions", body)[1])["next_id"]
    return following


def _propose_code(line: Line, excerpt_id: int) -> None:
    body = {
        "id": str(uuid4()),
        "excerpt_id": excerpt_id,
        "name": "Asking at the door",
        "memo": "Invented for this picture: somebody asks before they come in.",
    }
    line.ask("POST", "/api/proposed-codes", body)


def _find_open(line: Line, excerpt_id: int) -> str:
    """Find an excerpt from here on for which several codes are suggested."""
    while len(list_suggestions(screen := line.read(f"/api/excerpts/{excerpt_id}"))) < 2:
        excerpt_id = screen["following_id"]
    return str(excerpt_id)
