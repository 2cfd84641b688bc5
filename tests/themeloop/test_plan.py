"""Facts about what `themeloop plan` tells and sets; every word here is synthetic."""

import json
import re
import shlex
from pathlib import Path

import pytest

from pipeline.transcripts.coded_csv import COLUMNS
from study.added import AddedParticipant, ensure_participant
from study.draws import read_draw_state, store_draw
from study.ledger import QUEUE, record_done, start_run
from study.settings import Settings, read_settings
from study.transcripts import list_transcripts, read_excerpts
from tests.study.synthetic import NOW, import_coded, make_interview
from themeloop.planned import Question, make_plan

ROOT = Path(__file__).parents[2]
QUESTION = Question(0.6, (0.1,), (0.2,))
FOUNDING = ("--interviews", 22, "--excerpts", 127)


def write_coded(folder, name, first, last, *, n_excerpts=30):
    """Write a synthetic coded file of interviews I<first> to I<last>, of a participant each."""
    rows = [
        f"d,I{number},e{n},{n},participant,Synthetic words {number} {n},anna,,P{number}"
        for number in range(first, last + 1)
        for n in range(n_excerpts)
    ]
    (folder / name).write_text("\n".join([",".join((*COLUMNS, "participant")), *rows]) + "\n")


@pytest.fixture
def plan(themeloop):
    """Run the command in a study called s; give what it printed, or its figures."""

    def run(*options, code=0):
        result = themeloop("plan", "--study", "s", *options, code=code)
        return json.loads(result.stdout) if "--json" in options else result.output

    return run


@pytest.fixture
def imported(themeloop, tmp_path):
    """A study of ten interviews of thirty excerpts that are not queued yet."""
    (tmp_path / "book.yaml").write_text("codes:\n  - {key: trust, name: T, definition: words}\n")
    write_coded(tmp_path, "coded.csv", 1, 10)
    themeloop("init", "--study", "s")
    themeloop("import", "coded.csv", "--codebook", "book.yaml", "--study", "s")
    return themeloop


def test_without_a_study_what_there_will_be_is_said(themeloop):
    lines = themeloop("plan", *FOUNDING).stdout.splitlines()

    assert lines[0].startswith("22 interviews of 22 participants, 2,794 excerpts.")
    assert re.match(r"5% +145 \(5\.2%\) +not with 22 participants +1,768 \(63\.3%\)", lines[5])
    assert lines[-1] == (
        "With blind_rate = 0.1 about 279 excerpts are drawn, give or take 35: at 2% no figure "
        "(8 of 10 positives), at 5% κ ± 0.27, at 10% κ ± 0.19, at 20% κ ± 0.14."
    )


def test_what_the_documents_show_is_what_the_command_prints(themeloop):
    page = (ROOT / "docs" / "planning.md").read_text(encoding="utf-8")
    examples = re.findall(r"^    \$ themeloop (plan .*)\n((?:    [^$].*\n|\n)+)", page, flags=re.M)

    assert len(examples) == 3
    for command, shown in examples:
        lines = [line.removeprefix("    ") for line in shown.rstrip().splitlines()]
        printed = themeloop(*shlex.split(command)).stdout
        # A page breaks what a terminal prints on one line.
        assert " ".join(printed.split()) == " ".join(" ".join(lines).split())


@pytest.mark.parametrize("options", [(), ("--interviews", 22), ("--excerpts", 9), ("--set", ".2")])
def test_where_nobody_says_how_much_there_will_be_one_line_tells_what_to_say(themeloop, options):
    result = themeloop("plan", *options, code=1)

    assert result.stderr.startswith("Error: . is not a study.")
    assert "--interviews N --excerpts N (per interview)" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_empty_study_without_a_codebook_says_what_to_say(themeloop, plan):
    themeloop("init", "--study", "s")

    refused = plan(code=1)
    figures = plan(*FOUNDING, "--json")

    assert refused == (
        "Error: The study holds no interviews yet. Say how many there will be: --interviews N "
        "--excerpts N (per interview).\n"
    )
    assert (figures["n_interviews"], figures["n_excerpts"]) == (22, 2794)


def test_interviews_that_are_not_cut_yet_are_not_guessed_at(themeloop, imported, tmp_path):
    themeloop("init", "--study", "uncut")
    book = ("--codebook", "book.yaml", "--segment")
    themeloop("import", "coded.csv", *book, "--study", "uncut")

    refused = themeloop("plan", "--study", "uncut", code=1)
    figures = themeloop("plan", "--study", "uncut", "--excerpts", 40, "--json").stdout

    assert refused.stderr == (
        "Error: No interview is cut into excerpts yet. Say how many an interview will have: "
        "--excerpts N.\n"
    )
    assert json.loads(figures)["n_excerpts"] == 400


def test_a_study_is_counted_and_what_is_still_to_come_is_added(imported, plan):
    held = plan("--json")
    more = plan("--interviews", 25, "--json")
    longer = plan("--interviews", 25, "--excerpts", 100, "--json")

    assert (held["n_interviews"], held["n_participants"], held["n_excerpts"]) == (10, 10, 300)
    assert (more["n_interviews"], more["n_participants"], more["n_excerpts"]) == (25, 25, 750)
    assert longer["n_excerpts"] == 2500


def test_fewer_interviews_than_the_study_holds_are_refused(imported, plan):
    assert "the study holds 10 already" in plan("--interviews", 9, code=1)


def test_figures_say_what_the_table_says(themeloop):
    figures = json.loads(themeloop("plan", *FOUNDING, "--json").stdout)

    rare, *_, frequent = figures["needed"]
    assert rare["intervals"][0] == {
        "half_width": 0.1,
        "n": None,
        "share": None,
        "why": "not with 22 participants",
    }
    assert rare["intervals"][2]["why"] == "all are not enough"
    assert frequent["intervals"][1]["n"] == 255
    assert frequent["intervals"][1]["share"] == pytest.approx(255 / 2794)
    assert figures["outlook"][0]["half_width"] is None
    assert figures["outlook"][3]["half_width"] == pytest.approx(0.144, abs=1e-3)
    assert (figures["n_drawn"], figures["n_left"]) == (pytest.approx(279.4), 2794)


def test_a_rate_that_is_set_is_written_and_told(imported, plan, tmp_path):
    before = read_settings(tmp_path / "s" / "study.toml")

    told = plan("--set", "25%")

    after = read_settings(tmp_path / "s" / "study.toml")
    assert after == before.model_copy(update={"blind_rate": 0.25})
    assert told.splitlines()[-1] == (
        "Set blind_rate = 0.25 in study.toml; it was 0.1. It holds for interviews that are queued "
        "from now on."
    )
    assert "With blind_rate = 0.25 about 75 excerpts are drawn" in told


def test_a_rate_of_0_is_set_and_what_it_gives_is_told(imported, plan, tmp_path):
    told = plan("--set", "0")

    assert read_settings(tmp_path / "s" / "study.toml").blind_rate == 0
    assert "about 0 excerpts are drawn, give or take 0: no figure (0 of 10 positives)." in told


def test_the_rate_that_a_cell_needs_is_set(imported, plan, tmp_path):
    plan("--interviews", 22, "--excerpts", 127, "--set-for", ".2:.15")

    # The 10 interviews of the study are not queued yet: they, too, are taken to have 127 excerpts.
    assert read_settings(tmp_path / "s" / "study.toml").blind_rate == 0.092


@pytest.mark.parametrize(
    ("cell", "why"),
    [(".02:.1", "not with 10 participants"), ("10%:.15", "all are not enough")],
)
def test_a_cell_that_cannot_be_had_sets_nothing(imported, plan, tmp_path, cell, why):
    refused = plan("--set-for", cell, code=1)

    assert refused.endswith(f": {why}. Nothing was set.\n")
    assert read_settings(tmp_path / "s" / "study.toml") == Settings()


def test_both_ways_to_set_at_once_are_wrong_use(imported, plan):
    assert "Use one of them" in plan("--set", ".2", "--set-for", ".1:.15", code=2)


@pytest.fixture
def half_queued(imported, tmp_path):
    """The same study, all of it queued with half of it drawn, and twelve interviews not queued."""
    imported("plan", "--study", "s", "--set", "0.5")
    imported("suggest", "--study", "s")
    write_coded(tmp_path, "more.csv", 11, 22)
    imported("import", "more.csv", "--codebook", "book.yaml", "--study", "s")
    return imported


def test_a_study_that_was_queued_says_what_is_drawn_and_what_can_still_be_set(half_queued, plan):
    figures, told = plan("--json"), plan()

    queued = figures["queued_already"]
    assert (queued["n_interviews"], queued["n_excerpts"], figures["n_left"]) == (10, 300, 360)
    assert 60 < queued["n_drawn"] < 240
    assert figures["n_drawn"] == figures["n_effective"] == queued["n_drawn"] + 180
    assert told.endswith(
        f"10 interviews of these are queued already: {queued['n_drawn']} of their 300 excerpts "
        "are drawn, and that never changes. What is set now holds for the other 360 excerpts.\n"
    )
    assert "(the blind_rate)" not in told


def test_excerpts_of_another_rate_count_as_what_they_stand_for(half_queued, plan):
    """Those of .5 stand for two each and those of .1 for ten, as in the figures of agreement."""
    n_drawn = plan("--json")["queued_already"]["n_drawn"]

    told, figures = plan("--set", ".1"), plan("--json")

    n_effective = (2 * n_drawn + 360) ** 2 / (4 * n_drawn + 3600)
    assert figures["n_drawn"] == n_drawn + 36
    assert figures["n_effective"] == pytest.approx(n_effective)
    assert f"unequal rates, they tell as much as {n_effective:.0f} of one rate." in told


def test_what_a_cell_lacks_is_drawn_from_what_is_left(half_queued, plan, tmp_path):
    figures = plan("--set-for", ".2:.15", "--json")

    n_needed = figures["needed"][3]["intervals"][1]["n"]
    rate = read_settings(tmp_path / "s" / "study.toml").blind_rate
    # The rate is rounded up to a thousandth.
    assert n_needed <= figures["n_effective"] < n_needed + 2
    assert figures["outlook"][3]["half_width"] <= 0.15
    assert figures["notes"][0].startswith(f"Set blind_rate = {rate:g} in study.toml; it was 0.5.")


def test_more_than_is_left_cannot_be_set(half_queued, plan):
    cell = plan("--prevalence", ".1", "--width", ".14", "--json")["needed"][0]["intervals"][0]

    refused = plan("--set-for", ".1:.14", code=1)

    assert cell["n"] == 631
    assert "were drawn at another, so that each stands for more excerpts, and all 360 of" in refused


def test_a_study_that_is_queued_to_the_last_has_nothing_left_to_draw_from(imported, plan):
    imported("suggest", "--study", "s")

    assert "Nothing is left to draw from; --interviews says how many" in plan()


def test_a_reflexive_study_is_not_planned_and_nothing_is_set(themeloop, plan, tmp_path):
    themeloop("init", "--study", "s", "--stance", "reflexive")

    told = plan("--set", ".3", *FOUNDING)
    figures = plan(*FOUNDING, "--json")

    assert told.startswith("This study's stance is reflexive")
    assert len(told.splitlines()) == 1
    assert set(figures) == {"stance", "why"}
    assert read_settings(tmp_path / "s" / "study.toml").blind_rate == 0.1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--prevalence", "0"), "A code that nobody gives, or that everybody always gives"),
        (("--prevalence", ".1,1"), "A code that nobody gives, or that everybody always gives"),
        (("--kappa", "1"), "Coders who never differ leave no interval to plan."),
        (("--kappa", "nan"), "nan: not from 0 to 0.99"),
        (("--width", "0"), "0: not from 0.01 to 0.99"),
        (("--clustering", "2"), "2: not from 0 to 1"),
        (("--prevalence", "few"), "'few' is not a number such as .05 or 5%."),
        (("--set-for", ".1"), "'.1' is not of the form SHARE:HALF."),
        (("--kappa", ".5,.6"), "'.5,.6' is not of the form κ."),
    ],
)
def test_what_cannot_be_planned_is_wrong_use_with_a_sentence(themeloop, options, sentence):
    assert sentence in themeloop("plan", *FOUNDING, *options, code=2).stderr


@pytest.mark.parametrize("kappa", ["0", ".99"])
@pytest.mark.parametrize("clustering", ["0", "1"])
@pytest.mark.parametrize("interviews", [1, 6, 100_000])
def test_extremes_are_told_without_nan(themeloop, interviews, clustering, kappa):
    sizes = ("--interviews", interviews, "--excerpts", 1, "--prevalence", ".001,.999")

    result = themeloop("plan", *sizes, "--kappa", kappa, "--clustering", clustering)

    assert not re.search(r"\b(nan|inf|None)\b", result.output)


def test_one_interview_is_told_that_a_figure_takes_more_people(themeloop):
    told = themeloop("plan", "--interviews", 1, "--excerpts", 90).stdout

    assert "A figure takes 5 participants and an interval 8 (or families)." in told
    assert told.endswith("give or take 6: no figure with 1 participant.\n")


def test_a_synthetic_study_is_said_to_be_one(imported, plan, tmp_path):
    path = tmp_path / "s" / "study.toml"
    path.write_text(path.read_text().replace("# is_synthetic = false", "is_synthetic = true"))

    assert plan().endswith("SYNTHETIC: the interviews are invented.\n")


def test_people_and_families_are_counted_once(study):
    """An interview of nobody known counts as a person of its own."""
    people = {"S1": "P1", "S2": "P1", "S3": "P2", "S4": None, "S5": None}
    import_coded(study, *(make_interview(each, participant=who) for each, who in people.items()))

    alone = make_plan(study, QUESTION, interviews=None, excerpts=None).design
    with study.database.write() as connection:
        for who in ("P1", "P2"):
            ensure_participant(connection, AddedParticipant(who, family="F1"))
    together = make_plan(study, QUESTION, interviews=7, excerpts=None).design

    assert (alone.n_participants, alone.n_groups, alone.n_excerpts) == (4, 4, 30)
    assert (together.n_participants, together.n_groups, together.n_excerpts) == (6, 5, 42)


def test_only_interviews_never_queued_can_still_be_drawn_from(study):
    """One is drawn from, one was queued without a draw, and one was not queued."""
    import_coded(study, *(make_interview(label, coders=()) for label in ("S1", "S2", "S3")))
    with study.database.write() as connection:
        drawn, queued, _ = list_transcripts(connection)
        excerpts = read_excerpts(connection, drawn)
        how = {"rate": 1.0, "run_length": 5, "keyed_hash": study.keyed_hash, "now": NOW}
        store_draw(connection, drawn, excerpts, cut="cut", **how)
        run_id = start_run(connection, "suggest", {}, flow_run_id=None, now=NOW)
        record_done(connection, QUEUE, queued.interview, "h", run_id=run_id, n_rows=6, now=NOW)
        state = read_draw_state(connection)

    assert (state.n_excerpts, state.n_settled, state.n_settled_excerpts) == (18, 2, 12)
    assert (state.n_drawn, state.drawn) == (6, {1.0: 6})
