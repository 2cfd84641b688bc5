"""Facts about files of the inbox becoming interviews; every word and name is synthetic."""

import os
import time
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from pipeline.intake.arrivals import find_arrivals, find_arrived
from pipeline.intake.interviews import COLUMNS, read_interviews
from pipeline.intake.take_in import take_in_transcript
from pipeline.order import suggest_in_order
from pipeline.run import open_work
from pipeline.work import Work, call_plainly
from study.codebooks import store_codebook
from study.coded_file import take_in
from study.decisions import Action, Verdict, record_action
from study.inbox_files import read_file_notes
from study.name_key import make_identity, read_key
from study.review_queue import find_coder, list_items
from study.transcripts import list_transcripts, read_excerpts, read_turns
from tests.fakes import NOW

TRANSCRIPT = (
    "SYNTHETIC heading\n"
    "Interviewer: How did you find Sanne?\n"
    "Mother: Sanne was kind, sanne listened. My number is 06-12345678.\n"
    "Interviewer: And at home?\n"
    "Mother: Things at home became different, in Synthetwold too.\n"
)
ROWS = {
    "a.txt": "I01,P01,F1,en,2025-05-06,,",
    "b.txt": "I02,P02,F2,en,,,",
    "c.txt": "I03,P01,F1,en,,,",
}
GAZETTEER = "name,category,participant,also\nSanne,WORKER,,\nSynthetwold,TOWN,,\n"


@pytest.fixture
def desk(study, book, encoder):
    """An open study with a codebook and a gazetteer, and what a team does with its folder."""
    with study.database.write() as connection:
        store_codebook(connection, book, now=NOW)
    (study.folder / "gazetteer.csv").write_text(GAZETTEER)

    def put(name="a.txt", text=TRANSCRIPT, *, age=60):
        path = study.folder / "inbox" / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(path, (time.time() - age, time.time() - age))
        return path

    def say(*names):
        lines = [f"{name},{ROWS[name]}" for name in names]
        path = study.folder / "interviews.csv"
        path.write_text("\n".join([",".join([*COLUMNS, "group"]), *lines]) + "\n")

    def run():
        with open_work(study.folder) as work:
            return suggest_in_order(call_plainly, work)

    def look():
        with study.database.read() as connection:
            return list(read_file_notes(connection).values())

    return SimpleNamespace(study=study, put=put, say=say, run=run, look=look)


def transcripts(study):
    with study.database.read() as connection:
        return list_transcripts(connection)


def finish_first_excerpt(study):
    """Have the coder finish the first excerpt of the only interview; give its transcript."""
    (transcript,) = transcripts(study)
    with study.database.write() as connection:
        coder = find_coder(connection, study.settings.coder)
        excerpt = read_excerpts(connection, transcript)[0]
        record_action(connection, Action("a1", coder, excerpt.id, (Verdict("done"),)), now=NOW)
    return transcript


def test_file_becomes_an_interview_without_names_and_is_queued(desk):
    desk.put()
    desk.say("a.txt")

    summary = desk.run()

    (transcript,) = transcripts(desk.study)
    assert (transcript.interview, transcript.language) == ("I01", "en")
    assert transcript.text.splitlines() == [
        "SYNTHETIC heading",
        "How did you find [WORKER_1]?",
        "[WORKER_1] was kind, [WORKER_1] listened. My number is [PHONE_1].",
        "And at home?",
        "Things at home became different, in [TOWN_1] too.",
    ]
    assert (summary.n_interviews, summary.n_set_aside) == (1, 0)
    with desk.study.database.read() as connection:
        turns = read_turns(connection, transcript.id)
        excerpts = read_excerpts(connection, transcript)
    assert [turn.role for turn in turns] == [
        "note",
        "interviewer",
        "participant",
        "interviewer",
        "participant",
    ]
    # Only what the participant says is cut and coded.
    assert [excerpt.text for excerpt in excerpts] == [
        transcript.text.splitlines()[n] for n in (2, 4)
    ]


def test_participant_keeps_family_date_and_groups(desk):
    desk.put()
    desk.say("a.txt")
    row = "I01,P01,F1,en,2025-05-06,,residential"
    (desk.study.folder / "interviews.csv").write_text(
        ",".join([*COLUMNS, "group"]) + f"\na.txt,{row}\n"
    )

    desk.run()

    with desk.study.database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT p.label, p.family, a.name, a.value, i.held_on FROM participant p "
            "JOIN participant_attribute a ON a.participant_id = p.id, interview i"
        ).one()
    assert tuple(found) == ("P01", "F1", "group", "residential", "2025-05-06")


def test_same_name_has_the_same_pseudonym_in_the_next_interview_of_the_participant(desk):
    desk.put()
    desk.say("a.txt")
    desk.run()
    later = "I: Go on, synthetic.\nP: Joris, no, Sanne came back.\nI: And?\nP: Yes.\n"
    (desk.study.folder / "gazetteer.csv").write_text(GAZETTEER + "Joris,WORKER,,\n")
    desk.put("b.txt", later)
    desk.put("c.txt", later + "I: So.\n")
    desk.say("a.txt", "b.txt", "c.txt")

    desk.run()

    said = {each.interview: each.text.splitlines()[1] for each in transcripts(desk.study)[1:]}
    assert said == {
        # P02 has other interviews, in which nobody has a pseudonym yet.
        "I02": "[WORKER_1], no, [WORKER_2] came back.",
        "I03": "[WORKER_2], no, [WORKER_1] came back.",
    }


def test_interview_with_blanks_waits_and_is_asked_about_in_interviews_csv(desk):
    desk.put(text=TRANSCRIPT.replace("Interviewer", "Jansen"))

    summary = desk.run()

    (row,) = read_interviews(desk.study.folder / "interviews.csv").rows
    assert (row.file, row.interview, row.language) == ("a.txt", "I01", "")
    (note,) = desk.look()
    assert note.state == "waiting"
    assert note.reason == "interviews.csv: fill in participant, interviewer"
    assert (summary.n_interviews, transcripts(desk.study)) == (0, [])


def test_interview_that_waits_is_not_searched_for_names_yet(desk, monkeypatch):
    desk.put()
    monkeypatch.setattr("pipeline.pseudonymise.find_identifiers", None)

    desk.run()

    assert [note.state for note in desk.look()] == ["waiting"]


def test_waiting_interview_is_taken_in_when_its_blanks_are_filled(desk):
    desk.put()
    desk.run()
    assert find_arrivals(desk.study) == []

    time.sleep(0.02)
    desk.say("a.txt")
    os.utime(desk.study.folder / "interviews.csv", (time.time() + 5e8, time.time() + 5e8))
    desk.run()

    assert [note.state for note in desk.look()] == ["taken"]


def test_second_run_finds_nothing_new(desk):
    desk.put()
    desk.say("a.txt")
    desk.run()

    assert desk.run().state == "nothing new"


def test_file_that_was_only_touched_is_not_read_again(desk):
    path = desk.put()
    desk.say("a.txt")
    desk.run()
    os.utime(path, (1_000_000, 1_000_000))

    assert desk.run().state == "nothing new"
    assert find_arrivals(desk.study) == []


def test_changed_file_is_a_new_version_as_long_as_nobody_coded_it(desk):
    desk.put()
    desk.say("a.txt")
    desk.run()
    desk.put(text=TRANSCRIPT + "Interviewer: Anything else?\nMother: No, nothing synthetic.\n")

    desk.run()

    (transcript,) = transcripts(desk.study)
    assert transcript.text.endswith("No, nothing synthetic.")
    with desk.study.database.read() as connection:
        coder = find_coder(connection, desk.study.settings.coder)
        items = list_items(connection, coder, transcript.interview_id)
        excerpts = read_excerpts(connection, transcript)
    assert [item.excerpt_id for item in items] == [excerpt.id for excerpt in excerpts]


def test_changed_file_of_a_coded_interview_is_set_aside_and_the_coded_words_stay(desk):
    desk.put()
    desk.say("a.txt")
    desk.run()
    before = finish_first_excerpt(desk.study)
    desk.put(text=TRANSCRIPT + "Mother: More.\n")

    summary = desk.run()

    assert transcripts(desk.study) == [before]
    assert summary.n_set_aside == 1
    assert "interview I01 was coded as it stood before" in desk.look()[0].reason
    assert (desk.study.folder / "set-aside" / "a.txt").exists()


def test_bad_file_is_set_aside_with_its_reason_and_the_others_go_on(desk):
    desk.put()
    desk.put("Sanne.txt", b"\x00\x01\x02binary\x00" * 50)
    desk.say("a.txt")

    summary = desk.run()

    assert (summary.n_interviews, summary.n_set_aside) == (1, 1)
    reasons = (desk.study.folder / "set-aside" / "reasons.csv").read_text()
    assert reasons.startswith("file,reason\nSanne.txt,")
    assert not (desk.study.folder / "inbox" / "Sanne.txt").exists()
    (aside,) = [note for note in desk.look() if note.state == "set_aside"]
    # A file's name may be a person's: the database does not hold it.
    assert "Sanne" not in aside.reason


def test_file_put_back_is_tried_again_and_nothing_in_set_aside_is_overwritten(desk):
    for _ in range(2):
        desk.put("x.txt", b"")
        desk.run()

    kept = sorted(path.name for path in (desk.study.folder / "set-aside").iterdir())
    assert kept == ["reasons.csv", "x-2.txt", "x.txt"]


def test_same_file_under_another_name_is_told_apart(desk):
    desk.put()
    desk.put("b.txt")
    desk.say("a.txt", "b.txt")

    desk.run()

    assert len(transcripts(desk.study)) == 1
    (aside,) = [note for note in desk.look() if note.state == "set_aside"]
    assert aside.reason == "the file holds the same as interview I01"


def test_file_that_is_still_being_written_is_left_until_it_is_whole(desk):
    desk.put(age=0)

    assert find_arrivals(desk.study) == []


def test_time_in_the_future_keeps_no_file_waiting(desk):
    desk.put(age=-7200)

    assert len(find_arrivals(desk.study)) == 1


def test_file_saved_anew_with_the_same_words_stays_as_it_is(desk):
    desk.put()
    desk.say("a.txt")
    desk.run()
    (before,) = transcripts(desk.study)

    desk.put(text=TRANSCRIPT + "\n\n")
    desk.run()

    assert transcripts(desk.study) == [before]
    assert [note.state for note in desk.look()] == ["taken"]
    assert desk.run().state == "nothing new"
    # It is known by its new content: a row that is emptied later makes it wait for nothing.
    (desk.study.folder / "interviews.csv").write_text(",".join(COLUMNS) + "\na.txt,I01,,,,,\n")
    desk.run()
    assert [note.state for note in desk.look()] == ["taken"]


def test_words_that_come_back_are_cut_and_proposed_for_again(desk):
    """A version may read as an earlier one did; its excerpts are its own."""
    changed = TRANSCRIPT + "Mother: One more.\n"
    desk.say("a.txt")
    for n, text in enumerate([TRANSCRIPT, changed, TRANSCRIPT]):
        desk.put(text=text, age=60 + n)
        assert desk.run().n_set_aside == 0

    (transcript,) = transcripts(desk.study)
    with desk.study.database.read() as connection:
        coder = find_coder(connection, desk.study.settings.coder)
        items = list_items(connection, coder, transcript.interview_id)
        excerpts = read_excerpts(connection, transcript)
    assert [item.excerpt_id for item in items] == [excerpt.id for excerpt in excerpts] != []


def test_who_asks_may_be_corrected_as_long_as_nobody_coded(desk):
    text = TRANSCRIPT.replace("Interviewer", "A").replace("Mother", "B")
    desk.put(text=text)
    path = desk.study.folder / "interviews.csv"
    path.write_text(",".join(COLUMNS) + "\na.txt,I01,P01,,en,,B\n")
    desk.run()

    path.write_text(",".join(COLUMNS) + "\na.txt,I01,P01,F7,en,,A\n")
    desk.run()

    (transcript,) = transcripts(desk.study)
    with desk.study.database.read() as connection:
        turns = read_turns(connection, transcript.id)
        family = connection.exec_driver_sql("SELECT family FROM participant").scalar()
    assert [turn.role for turn in turns][1:3] == ["interviewer", "participant"]
    assert family == "F7"
    assert desk.run().state == "nothing new"


def test_correction_after_coding_is_told_and_families_are_taken_up(desk):
    desk.put()
    desk.say("a.txt")
    desk.run()
    before = finish_first_excerpt(desk.study)
    (desk.study.folder / "interviews.csv").write_text(
        ",".join(COLUMNS) + "\na.txt,I01,P09,F9,en,,Interviewer\n"
    )

    desk.run()

    assert transcripts(desk.study) == [before]
    (note,) = desk.look()
    assert (note.state, note.reason) == (
        "taken",
        "interviews.csv: who speaks, or the language, was changed after it was coded",
    )


def test_row_that_was_removed_is_written_again_with_the_interviews_own_label(desk):
    desk.put()
    desk.say("a.txt")
    desk.run()
    path = desk.study.folder / "interviews.csv"
    path.write_text(",".join(COLUMNS) + "\n")
    desk.put(text=TRANSCRIPT + "Mother: More.\n")
    desk.run()
    assert path.read_text().splitlines()[1].startswith("a.txt,I01,,")

    path.write_text(",".join(COLUMNS) + "\na.txt,I09,P01,,en,,Interviewer\n")
    desk.run()

    (transcript,) = transcripts(desk.study)
    assert transcript.interview == "I01"
    assert transcript.text.endswith("More.")


def test_files_that_wait_do_not_wake_each_other(desk):
    for name in ("a.txt", "b.txt", "c.txt"):
        desk.put(name, f"{TRANSCRIPT}Mother: {name}.\n")
    desk.run()

    assert desk.run().state == "nothing new"


def test_two_participants_names_are_both_replaced(desk):
    (desk.study.folder / "gazetteer.csv").write_text(
        "name,category,participant,also\nBente,CHILD,P07,\nKees,CHILD,P08,\n"
    )
    desk.put(text="I: Synthetic?\nVader: Bente en Kees.\nI: En?\nMoeder: Kees, ja.\n")
    (desk.study.folder / "interviews.csv").write_text(
        ",".join(COLUMNS) + "\na.txt,I01,Vader=P08; Moeder=P07,,nl,,I\n"
    )

    desk.run()

    (transcript,) = transcripts(desk.study)
    assert "[CHILD_1] en [CHILD_2]." in transcript.text
    assert "Kees" not in transcript.text


def test_name_is_not_read_across_two_turns(desk):
    (desk.study.folder / "gazetteer.csv").write_text(
        "name,category,participant,also\nJan Mark,WORKER,,\n"
    )
    desk.put(text="I: Synthetic?\nMoeder: Dat was Jan\nI: Mark zei niets?\nMoeder: Nee.\n")
    (desk.study.folder / "interviews.csv").write_text(
        ",".join(COLUMNS) + "\na.txt,I01,P01,,nl,,I\n"
    )

    desk.run()

    (transcript,) = transcripts(desk.study)
    assert len(transcript.text.splitlines()) == 4


def test_files_come_in_the_order_in_which_a_person_listed_them(desk):
    for name in ("a.txt", "b.txt", "c.txt"):
        desk.put(name, f"{TRANSCRIPT}Mother: {name}.\n")
    desk.say("c.txt", "a.txt")

    assert [arrival.file.name for arrival in find_arrivals(desk.study)] == [
        "c.txt",
        "a.txt",
        "b.txt",
    ]


@pytest.mark.parametrize("name", [".hidden.txt", "~$a.docx", "a.txt.part", "a.docx.crdownload"])
def test_unfinished_and_hidden_files_are_no_arrivals(desk, name):
    desk.put(name)

    assert find_arrivals(desk.study) == []


def test_file_without_permission_is_told_and_left(desk):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    desk.put().chmod(0)

    desk.run()

    assert desk.look()[0].state == "set_aside"


def test_file_taken_away_before_it_was_read_is_no_failure(desk):
    path = desk.put()
    work = Work(desk.study)
    (file_id,) = find_arrived(work)
    path.unlink()

    assert take_in_transcript(work, file_id) == 0


def test_unreadable_interviews_csv_sets_nothing_aside_for_ever(desk):
    desk.put()
    (desk.study.folder / "interviews.csv").write_text("nonsense\n1\n")

    desk.run()

    (note,) = desk.look()
    assert note.state == "waiting"
    assert "missing columns" in note.reason


def test_gazetteer_changed_by_hand_reaches_what_is_stored(desk):
    (desk.study.folder / "gazetteer.csv").write_text("name,category,participant,also\n")
    desk.put()
    # Said to be Dutch, for which there is no name recogniser.
    (desk.study.folder / "interviews.csv").write_text(
        ",".join(COLUMNS) + "\na.txt,I01,P01,,nl,,Interviewer\n"
    )
    desk.run()
    assert "Sanne" in transcripts(desk.study)[0].text

    (desk.study.folder / "gazetteer.csv").write_text(GAZETTEER)
    summary = desk.run()

    (transcript,) = transcripts(desk.study)
    assert "sanne" not in transcript.text.lower()
    assert "[WORKER_1] was kind" in transcript.text
    assert summary.n_interviews == 1


def test_key_opens_the_names_that_were_replaced(desk, tmp_path):
    make_identity(desk.study, tmp_path / "apart.key")
    desk.put()
    desk.say("a.txt")

    desk.run()

    names = {r.pseudonym: r.name for r in read_key(desk.study, tmp_path / "apart.key")}
    assert names["[WORKER_1]"] == "Sanne"
    assert names["[PHONE_1]"] == "06-12345678"


def test_no_name_is_anywhere_in_the_database(desk):
    desk.put("Sanne Jansen.txt", TRANSCRIPT.replace("Interviewer", "Sanne Jansen"))
    row = "I01,P01,F1,en,,Sanne Jansen,"
    (desk.study.folder / "interviews.csv").write_text(
        ",".join([*COLUMNS, "group"]) + f"\nSanne Jansen.txt,{row}\n"
    )

    desk.run()

    from study import tables as t  # noqa: PLC0415

    with desk.study.database.read() as connection:
        held = "\n".join(
            repr(tuple(row))
            for table in t.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ).lower()
    assert "[worker_1]" in held
    for name in ("sanne", "jansen", "synthetwold", "12345678"):
        assert name not in held


def test_coded_file_is_placed_on_the_interview_that_came_from_a_file(desk, book, interview):
    from pipeline.intake.place_excerpts import place_excerpts  # noqa: PLC0415

    desk.put()
    desk.say("a.txt")
    desk.run()
    coded = interview(
        "I01",
        ["x", "Sanne was kind, sanne listened.", "y", "Things at home became different"],
        keys=("trust",),
    )
    spoken = tuple(e for e in coded.excerpts if e.speaker == "participant")
    labels = {excerpt.label for excerpt in spoken}
    coded = type(coded)(
        **{
            **vars(coded),
            "excerpts": spoken,
            "codings": tuple(c for c in coded.codings if c.excerpt_label in labels),
        }
    )

    def import_it():
        return take_in(
            desk.study, [coded], book, is_segmenting=False, now=NOW, place=place_excerpts
        )

    taken, again = import_it(), import_it()

    assert (taken.n_interviews, taken.n_codings, again.n_codings) == (0, 2, 0)
    with desk.study.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT substr(v.text, c.start_char + 1, c.end_char - c.start_char) FROM coding c "
            "JOIN transcript_version v ON v.id = c.transcript_version_id ORDER BY c.id"
        ).scalars()
        assert list(rows) == [
            "[WORKER_1] was kind, [WORKER_1] listened.",
            "Things at home became different",
        ]
