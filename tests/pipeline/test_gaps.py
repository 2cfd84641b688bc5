"""Facts about what fits no code and how it is grouped; all words are synthetic."""

import pytest

from pipeline.gaps import find_gaps
from pipeline.loose import CODED, FITS, UNKNOWN, UNSUGGESTED, read_said, tell_asked
from pipeline.order import suggest_in_order
from pipeline.run import open_work
from pipeline.work import call_plainly
from study.clock import utc_now
from study.decisions import Action, Verdict, record_action
from study.gap_wording import explain_none
from study.gaps import NewCode, make_code
from study.records import CodedInterview, GivenCoding, GivenExcerpt, Span, Turn
from study.review_queue import ensure_coder, find_coder
from study.settings import save_setting
from study.transcripts import list_transcripts, read_excerpts

BUS = "the school bus came late on {}"
GARDEN = "flowers grow well behind our house in {}"
DAYS = ("monday", "tuesday", "wednesday")


def suggest(study, min_score=9):
    """Run the pipeline; by default so that hardly anything is suggested."""
    save_setting(study.folder / "study.toml", "min_score", min_score)
    with open_work(study.folder) as work:
        suggest_in_order(call_plainly, work)


def tell(number, *, keys=(), coders=(), participant=None, language="en"):
    """Make an interview in which a bus is late and flowers grow."""
    texts = ["How was the bus ride today then ?", BUS.format(DAYS[number % 3])]
    texts += ["And what of your own garden then ?", GARDEN.format(DAYS[number % 3]), "yes okay"]
    excerpts = tuple(
        GivenExcerpt(f"T{number}_e{n}", n, ("interviewer", "participant")[n % 2], text)
        for n, text in enumerate(texts)
    )
    codings = tuple(
        GivenCoding(excerpt.label, coder, tuple(keys), n)
        for n, (excerpt, coder) in enumerate((e, c) for e in excerpts for c in coders)
    )
    return CodedInterview(f"T{number}", "synthetic", language, participant, excerpts, codings)


def labels_of(gaps):
    return [{excerpt.label for excerpt in gap.excerpts} for gap in gaps.gaps]


def fits(study):
    return {said.excerpt.label: said.fit for said in read_said(study).excerpts}


def test_groups_cross_participants_and_hold_what_they_have_in_common(study, add, encoder):
    add(*(tell(n, coders=("anna",)) for n in range(4)))
    suggest(study)

    gaps = find_gaps(study)

    assert sorted(map(sorted, labels_of(gaps))) == [
        [f"T{n}_e1" for n in range(4)],
        [f"T{n}_e3" for n in range(4)],
    ]
    assert [gap.number for gap in gaps.gaps] == [1, 2]
    assert {"bus", "school"} <= {word for gap in gaps.gaps for word in gap.words}
    assert {gap.n_participants for gap in gaps.gaps} == {4}
    assert (gaps.n_coded, gaps.n_unsuggested, gaps.n_finished) == (8, 0, 8)


def test_groups_are_the_same_as_long_as_nothing_changes(study, add, encoder):
    add(*(tell(n) for n in range(4)))
    suggest(study)

    first, second = find_gaps(study), find_gaps(study)

    assert first == second
    assert [gap.id for gap in first.gaps] == [gap.id for gap in second.gaps]


def test_unfinished_excerpts_without_a_suggestion_are_counted_apart(study, add, encoder):
    add(tell(0), tell(1), tell(2, coders=("anna",)))
    suggest(study)

    gaps = find_gaps(study)

    assert (gaps.n_coded, gaps.n_unsuggested) == (2, 4)


def test_questions_and_short_answers_are_never_among_them(study, add, encoder):
    add(*(tell(n) for n in range(3)))
    suggest(study)

    assert set(fits(study)) == {f"T{n}_e{e}" for n in range(3) for e in (1, 3)}


def test_excerpt_to_which_one_of_two_coders_gave_a_code_fits_it(study, add, encoder):
    one, other = tell(0, keys=("trust",), coders=("anna",)), tell(0, coders=("bram",))
    both = CodedInterview(
        one.label, one.dataset, "en", None, one.excerpts, (*one.codings, *other.codings)
    )
    add(both, tell(1, coders=("anna",)))
    suggest(study)

    assert fits(study) == {"T0_e1": FITS, "T0_e3": FITS, "T1_e1": CODED, "T1_e3": CODED}


def test_what_is_suggested_fits_until_a_coder_finishes_it_without(study, add, encoder):
    add(tell(0), tell(1, coders=("anna",)))
    suggest(study, min_score=-5)

    assert fits(study) == {"T0_e1": FITS, "T0_e3": FITS, "T1_e1": CODED, "T1_e3": CODED}


def test_code_given_to_an_unfinished_excerpt_counts(study, add, encoder):
    add(tell(0))
    with study.database.write() as connection:
        ensure_coder(connection, "anna", now=utc_now())
    suggest(study)
    with study.database.write() as connection:
        (transcript,) = list_transcripts(connection)
        excerpt = read_excerpts(connection, transcript)[1]
        verdict = Verdict("add", code_id=1)
        coder = find_coder(connection, "anna")
        record_action(connection, Action("a", coder, excerpt.id, (verdict,)), now=utc_now())

    assert fits(study) == {"T0_e1": FITS, "T0_e3": UNSUGGESTED}


def test_made_code_takes_its_excerpts_out_where_it_is_suggested(study, add, encoder):
    add(*(tell(n, coders=("anna",)) for n in range(4)))
    suggest(study)
    gap = next(gap for gap in find_gaps(study).gaps if "bus" in gap.words)
    new = NewCode("bus", "Bus", "the school bus came late on monday")
    with study.database.write() as connection:
        make_code(connection, new, gap, actor="anna", now=utc_now())

    waiting = find_gaps(study)
    suggest(study, min_score=0.5)
    after = find_gaps(study)

    assert waiting.is_outdated
    assert not after.is_outdated
    assert not any("bus" in gap.words for gap in after.gaps)
    assert {label for label, fit in fits(study).items() if fit == CODED} <= {
        f"T{n}_e3" for n in range(4)
    }


def test_interviews_that_are_not_to_be_looked_at_are_left_out_and_counted(study, add, encoder):
    add(*(tell(n) for n in range(4)))
    suggest(study)

    gaps = find_gaps(study, ["T0", "T1", "T2"])

    assert gaps.n_interviews_held == 1
    assert {label[:2] for labels in labels_of(gaps) for label in labels} == {"T0", "T1", "T2"}


def test_excerpts_that_no_model_has_scored_are_not_called_unsuggested(study, add, encoder):
    add(*(tell(n) for n in range(3)))
    suggest(study)
    add(tell(3), tell(4, coders=("anna",)))

    gaps = find_gaps(study)

    assert fits(study)["T3_e1"] == UNKNOWN
    assert (gaps.n_unsuggested, gaps.n_coded) == (6, 2)


def test_loose_excerpts_without_a_vector_are_counted(study, add, encoder):
    add(*(tell(n) for n in range(3)))
    suggest(study)
    odd = GivenExcerpt("T9_e1", 1, "participant", "a cat sat there on seven mats")
    coding = GivenCoding("T9_e1", "anna", (), 2)
    add(CodedInterview("T9", "synthetic", "en", None, (odd,), (coding,)))

    assert find_gaps(study).n_without_vector == 1


def test_study_without_suggestions_says_so(study, add, encoder):
    add(tell(0, coders=("anna",)))

    gaps = find_gaps(study)

    assert not gaps.has_model
    assert "Run 'themeloop suggest' first" in str(explain_none(gaps, ""))


def test_one_participant_alone_makes_no_group(study, add, encoder):
    add(*(tell(n, participant="P1") for n in range(4)))
    suggest(study)

    gaps = find_gaps(study)

    assert gaps.gaps == ()
    assert "one participant alone" in str(explain_none(gaps, ""))


@pytest.mark.parametrize(
    ("turns", "asked"),
    [
        ([("interviewer", 0, 10)], True),
        ([("participant", 0, 10)], False),
        ([("note", 0, 10)], True),
        ([("participant", 0, 4), ("interviewer", 5, 10)], True),
        ([("participant", 0, 6), ("interviewer", 7, 10)], False),
        ([("participant", 12, 20)], False),
        ([], False),
    ],
)
def test_who_says_most_of_an_excerpt_decides(turns, asked):
    spoken = [Turn("A", Span(start, end), role) for role, start, end in turns]

    assert tell_asked([Span(0, 10)], spoken) == [asked]


def test_interviewer_with_a_capital_in_a_coded_file_is_one():
    assert tell_asked([Span(0, 9)], [Turn("Interviewer", Span(0, 9), None)]) == [True]
