"""Facts about exporting while codes wait for the lead; every word here is synthetic."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from study.acting import Part, list_verdicts, read_ground
from study.clock import utc_now
from study.decisions import Action, record_action
from study.folder import open_study
from study.proposed_codes import propose_code
from study.review_queue import find_coder, list_items, list_progress

ROWS = """dataset,interview_id,excerpt_id,order,speaker,text,coder,codes
d,I1,e1,0,participant,relying on her,bert,trust
d,I1,e2,1,participant,a door,bert,
"""
BOOK = "codes:\n  - {key: trust, name: Trust, definition: d}\n"


@pytest.fixture
def exported(themeloop, tmp_path):
    """Export a study of which so many excerpts were given a provisional code."""
    (tmp_path / "c.csv").write_text(ROWS)
    (tmp_path / "b.yaml").write_text(BOOK)
    themeloop("init", "--study", "s", "--coder", "anna", "--stance", "codebook", "--no-key")
    themeloop("import", "c.csv", "--codebook", "b.yaml", "--study", "s")
    themeloop("suggest", "--study", "s")

    def run(n_given, *options):
        give_provisional(n_given)
        return themeloop("export", "--to", "out.csv", "--study", "s", *options).stdout

    return run


def give_provisional(n_excerpts):
    study = open_study(Path("s"))
    with study.database.write() as connection:
        coder_id = find_coder(connection, "anna")
        (progress,) = list_progress(connection, coder_id)
        items = list_items(connection, coder_id, progress.interview_id)
        for number, item in enumerate(items[:n_excerpts]):
            action = str(uuid4())
            made = propose_code(
                connection,
                coder_id=coder_id,
                action=action,
                name=f"Synthetic code {number}",
                memo="",
                now=utc_now(),
            )
            ground = read_ground(connection, coder_id, item.excerpt_id, is_commit_first=False)
            verdicts = list_verdicts(connection, ground, [Part("add", made.code_id), Part("done")])
            record_action(
                connection, Action(action, coder_id, item.excerpt_id, verdicts), now=utc_now()
            )
    study.database.close()


def test_an_export_says_of_how_many_excerpts_codes_wait_for_the_lead(exported):
    told = exported(2)

    assert "2 excerpts have provisional codes, which wait for the lead" in told
    assert "Synthetic code" not in Path("out.csv").read_text(encoding="utf-8")


def test_one_such_excerpt_is_one(exported):
    assert "One excerpt has provisional codes" in exported(1)


def test_an_export_says_nothing_of_codes_where_none_waits(exported):
    assert exported(0) == "Wrote 2 rows of codings to out.csv.\n"


def test_a_script_is_told_how_many_wait(exported):
    told = json.loads(exported(2, "--json"))

    assert (told["n_rows"], told["n_awaiting"]) == (4, 2)


def test_an_export_of_suggestions_tells_nothing_of_them(exported):
    assert "provisional" not in exported(1, "--suggestions")
