"""Facts about taking transcripts in, as a person meets them; all words and names are synthetic."""

import json
import shutil
import zipfile

import pytest

from study.folder import open_study

BOOK = "codes:\n  - {key: trust, name: Trust, definition: could count on the worker}\n"
TEXT = (
    "Interviewer: Synthetic, was it? How was Sanne?\n"
    "Mother: I could count on Sanne. Ring me on 06-12345678.\n"
    "Interviewer: En Bente?\n"
    "Mother: I saw Bente laugh, bente always laughs.\n"
)
ROWS = "file,interview,participant,family,language,date,interviewer\n"


@pytest.fixture
def team(themeloop, tmp_path):
    """A study with a codebook and a gazetteer, and a transcript that lies elsewhere."""
    (tmp_path / "book.yaml").write_text(BOOK)
    (tmp_path / "talk.txt").write_text(TEXT)
    themeloop("init", "--study", "s", "--codebook", "book.yaml")
    (tmp_path / "s" / "gazetteer.csv").write_text(
        "name,category,participant,also\nSanne,WORKER,,\n"
    )
    return themeloop


@pytest.fixture
def answered(team, tmp_path):
    """The same, with the row of the transcript filled in; it is said to be Dutch."""
    (tmp_path / "s" / "interviews.csv").write_text(f"{ROWS}talk.txt,I01,P01,,nl,,\n")
    return team


def test_init_makes_a_key_file_beside_the_study(team, tmp_path):
    assert (tmp_path / "s.key").stat().st_mode & 0o777 == 0o600


def test_init_without_a_key_makes_none(themeloop, tmp_path):
    themeloop("init", "--study", "t", "--no-key")

    assert not (tmp_path / "t.key").exists()


def test_init_never_overwrites_a_key_file(themeloop, tmp_path):
    (tmp_path / "t.key").write_text("somebody's")

    result = themeloop("init", "--study", "t", code=1)

    assert "t.key exists. Name another with --key-file" in result.stderr
    assert not (tmp_path / "t").exists()


def test_codebook_is_given_and_told(team, tmp_path):
    assert "version 1: 1 codes" in team("codebook", "--study", "s").stdout
    (tmp_path / "more.yaml").write_text(BOOK + "  - {key: b, name: B, definition: more}\n")

    result = team("codebook", "more.yaml", "--study", "s", "--json")

    assert json.loads(result.stdout) == {"name": "more", "version": 2, "n_codes": 2}


def test_shipped_codebook_is_given_by_name(team):
    assert "version 2" in team("codebook", "--shipped", "--study", "s").stdout


def test_codebook_that_is_not_there_is_told(team):
    assert "nope.yaml is not there" in team("codebook", "nope.yaml", "--study", "s", code=1).stderr
    team("codebook", "nope.yaml", "--shipped", "--study", "s", code=2)


def test_dry_run_shows_turns_as_they_would_be_stored_and_stores_nothing(answered, tmp_path):
    shown = answered("add", "talk.txt", "--dry-run", "--study", "s").stdout

    assert "talk.txt: Text with speakers (.txt), 4 turns" in shown
    assert "Interviewer: interviewer, 2 turns" in shown
    assert "[Mother] I could count on [WORKER_1]. Ring me on [PHONE_1]." in shown
    assert list((tmp_path / "s" / "inbox").iterdir()) == []
    assert "0 new files" in answered("status", "--study", "s").stdout


def test_dry_run_says_what_would_be_asked(team):
    result = team("add", "talk.txt", "--dry-run", "--study", "s", "--json")

    (file,) = json.loads(result.stdout)["files"]
    assert (file["state"], file["reason"]) == ("waiting", "fill in participant")
    assert [turn["role"] for turn in file["turns"]] == ["interviewer", None] * 2


def test_added_file_that_must_be_asked_about_waits_and_says_for_what(team, tmp_path):
    told = team("add", "talk.txt", "--study", "s").stdout

    assert told == "talk.txt: waiting: interviews.csv: fill in participant.\n"
    row = (tmp_path / "s" / "interviews.csv").read_text().splitlines()[1]
    assert row == "talk.txt,I01,,,,,Interviewer"


def test_added_transcript_goes_the_whole_way(answered):
    assert answered("add", "talk.txt", "--study", "s").stdout == (
        "talk.txt: is interview I01. Next: themeloop suggest\n"
    )

    made = json.loads(answered("suggest", "--study", "s", "--json").stdout)

    assert (made["n_interviews"], made["state"]) == (1, "finished")
    assert answered("suggest", "--study", "s").stdout.startswith("Nothing new")


def test_folder_of_transcripts_is_added_file_by_file(answered, tmp_path):
    (tmp_path / "folder").mkdir()
    shutil.copy(tmp_path / "talk.txt", tmp_path / "folder")
    (tmp_path / "folder" / "empty.vtt").write_text("")
    (tmp_path / "folder" / ".hidden").write_text("")

    told = answered("add", "folder", "--study", "s", code=1).stdout.splitlines()

    assert told[0].startswith("empty.vtt: set aside: ")
    assert told[1].startswith("talk.txt: is interview I01")


def test_two_files_of_one_name_are_refused(team, tmp_path):
    (tmp_path / "other").mkdir()
    shutil.copy(tmp_path / "talk.txt", tmp_path / "other")

    told = team("add", "talk.txt", "other/talk.txt", "--study", "s", code=1).stderr

    assert "Two files are called talk.txt" in told


def test_names_lists_pseudonyms_possible_names_and_limits(answered):
    answered("add", "talk.txt", "--study", "s")

    told = answered("names", "--study", "s").stdout

    assert "WORKER: 1 in 2 places" in told
    assert "  Bente  2x in I01" in told
    assert "nl: no name recogniser is installed" in told


def test_marked_name_is_replaced_in_what_is_stored_and_in_what_comes(answered, tmp_path):
    answered("add", "talk.txt", "--study", "s")
    answered("suggest", "--study", "s")

    told = answered("names", "--mark", "Bente", "--as", "CHILD", "--study", "s").stdout

    assert told.startswith("Marked. Replaced in 3 places of 1 transcripts")
    assert "Bente,CHILD" in (tmp_path / "s" / "gazetteer.csv").read_text()
    assert "Made" in answered("suggest", "--study", "s").stdout
    assert "CHILD: 1 in 3 places" in answered("names", "--study", "s").stdout
    answered("doctor", "--study", "s")


def test_marking_a_word_that_stands_nowhere_says_so(answered):
    told = answered("names", "--mark", "Synthetwold", "--as", "CHILD", "--study", "s").stdout

    assert told == "Marked. It stands nowhere in the stored text.\n"


def test_mark_needs_a_category(answered):
    answered("names", "--mark", "Bente", "--study", "s", code=2)


def test_key_shows_the_names_to_who_holds_it(answered):
    answered("add", "talk.txt", "--study", "s")

    told = answered("names", "--key", "s.key", "--study", "s").stdout

    assert told.splitlines() == [
        "participant,pseudonym,name",
        "P01,[PHONE_1],06-12345678",
        "P01,[WORKER_1],Sanne",
    ]


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 300_000_000)


BAD = {
    "truncated.docx": lambda path: path.write_bytes(b"PK\x03\x04" + b"\x00" * 40),
    "empty.vtt": lambda path: path.write_bytes(b""),
    "binary.txt": lambda path: path.write_bytes(bytes(range(256)) * 9),
    "bomb.docx": bomb,
    "endless.txt": lambda path: path.write_bytes(b"Synthetic " * 5_000_000),
    "recording.mp3": lambda path: path.write_bytes(b"ID3"),
}


def test_bad_files_are_one_clear_line_each_and_the_rest_is_processed(answered, tmp_path):
    for name, make in BAD.items():
        make(tmp_path / name)

    result = answered("add", *BAD, "talk.txt", "--study", "s", code=1)

    lines = dict(line.split(": ", 1) for line in result.stdout.splitlines())
    assert lines["talk.txt"].startswith("is interview I01")
    assert all(lines[name].startswith("set aside: ") for name in BAD)
    assert len(lines) == len(BAD) + 1
    assert {path.name for path in (tmp_path / "s" / "set-aside").iterdir()} == {
        *BAD,
        "reasons.csv",
    }


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
        TEXT.replace("\n", "\r", 1).encode(),
        TEXT.replace("laughed", "café").encode("cp1252"),
    ],
    ids=["utf-16", "crlf and bom", "mixed line ends", "windows"],
)
def test_encodings_and_line_ends_do_not_matter(answered, tmp_path, content):
    (tmp_path / "talk.txt").write_bytes(content)

    result = answered("add", "talk.txt", "--dry-run", "--study", "s", "--json")

    (file,) = json.loads(result.stdout)["files"]
    assert [turn["role"] for turn in file["turns"]] == ["interviewer", "participant"] * 2


def test_codebook_that_is_not_there_leaves_no_half_made_study(themeloop, tmp_path):
    told = themeloop("init", "--study", "t", "--codebook", "nope.yaml", code=1).stderr

    assert "nope.yaml is not there" in told
    assert not (tmp_path / "t").exists()
    assert not (tmp_path / "t.key").exists()


def test_init_begins_the_two_lists_that_a_team_fills_in(team, tmp_path):
    team("init", "--study", "t", "--no-key")

    assert (tmp_path / "t" / "interviews.csv").read_text() == ROWS
    assert (tmp_path / "t" / "gazetteer.csv").read_text() == "name,category,participant,also\n"


def test_gazetteer_that_cannot_be_read_is_told_by_every_run_until_it_can(answered, tmp_path):
    answered("add", "talk.txt", "--study", "s")
    answered("suggest", "--study", "s")
    (tmp_path / "s" / "gazetteer.csv").write_text("naam,soort\nBente,CHILD\n")

    told = answered("suggest", "--study", "s", code=1).stderr
    assert told.startswith("WRONG: gazetteer.csv:1: missing columns")
    assert "WRONG: gazetteer.csv:1" in answered("doctor", "--study", "s", code=1).stdout

    head = "name;category;participant;also\n"
    (tmp_path / "s" / "gazetteer.csv").write_text(f"{head}Bente;CHILD;;\n")
    answered("suggest", "--study", "s")
    assert "CHILD: 1 in 3 places" in answered("names", "--study", "s").stdout


def test_suggest_says_what_waits_for_a_person(team):
    team("add", "talk.txt", "--study", "s")

    told = team("suggest", "--study", "s").stderr

    assert told == "Waits: talk.txt: interviews.csv: fill in participant\n"


def test_name_in_the_codebook_is_told_because_it_is_its_authors_to_change(answered):
    told = answered("names", "--mark", "worker", "--as", "WORKER", "--study", "s").stdout

    assert "It also stands in the codebook (1 times): change it there." in told


def test_inbox_that_is_gone_is_made_anew(answered, tmp_path):
    (tmp_path / "s" / "inbox").rmdir()

    answered("suggest", "--study", "s")

    assert (tmp_path / "s" / "inbox").is_dir()


def test_add_during_a_run_says_that_the_files_are_in_the_inbox(answered, tmp_path):
    with open_study(tmp_path / "s").lock():
        told = answered("add", "talk.txt", "--study", "s", code=1).stderr

    assert "The files are in the inbox. Another run is at work" in told
    assert (tmp_path / "s" / "inbox" / "talk.txt").exists()


def test_ordinary_word_is_not_marked_by_a_slip(answered, tmp_path):
    told = answered("names", "--mark", "Ik", "--as", "CHILD", "--study", "s", code=1).stderr

    assert "'Ik' is an ordinary word: nothing was replaced." in told
    assert "Ik" not in (tmp_path / "s" / "gazetteer.csv").read_text()


def test_answers_may_be_given_with_the_files(team, tmp_path):
    (tmp_path / "talk.txt").write_text(TEXT.replace("Interviewer", "A"))
    answers = ["--participant", "P01", "--interviewer", "A", "--language", "nl"]

    shown = team("add", "talk.txt", *answers, "--dry-run", "--study", "s", "--json").stdout
    told = team("add", "talk.txt", *answers, "--study", "s").stdout

    (file,) = json.loads(shown)["files"]
    assert (file["state"], file["turns"][0]["role"]) == ("ready", "interviewer")
    assert told.startswith("talk.txt: is interview I01")
    row = (tmp_path / "s" / "interviews.csv").read_text().splitlines()[1]
    assert row == "talk.txt,I01,P01,,nl,,A"
