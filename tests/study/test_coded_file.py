"""A coded file comes in whole or not at all, and goes out as it came."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given, settings

from study import tables as t
from study.coded_file import TakenIn, take_in
from study.coded_work import read_finished_work
from study.codings import read_coded_rows, read_standing
from study.decisions import Action, Verdict, last_action, record_action
from study.errors import InputError
from study.fingerprint import fingerprint_study
from study.review_queue import find_coder, list_progress
from study.transcripts import list_transcripts, read_excerpts, read_given
from tests.study.synthetic import (
    CODEBOOK,
    COMPOSED,
    DECOMPOSED,
    KEYS,
    LATER,
    NOW,
    coded_files,
    import_coded,
    make_interview,
    set_desk,
)

SAME_BOOK = {"codebook_version": 1, "codes_gone": ()}


def fingerprint_of(study):
    with study.database.read() as connection:
        return fingerprint_study(connection)


def rows_of(study):
    with study.database.read() as connection:
        return read_coded_rows(connection)


@settings(max_examples=12)
@given(coded_files())
def test_what_was_taken_in_reads_back_row_for_row_in_file_order(new_study, file):
    with new_study() as study:
        import_coded(study, *file.interviews)

        assert rows_of(study) == list(file.rows)


@settings(max_examples=6)
@given(coded_files())
def test_taking_in_the_same_twice_changes_nothing(new_study, file):
    with new_study() as study:
        import_coded(study, *file.interviews)
        before = fingerprint_of(study)

        taken = import_coded(study, *file.interviews, now=LATER)

        assert taken == TakenIn(0, 0, 0, 0, n_known=len(file.interviews), **SAME_BOOK)
        assert fingerprint_of(study) == before


def test_what_was_new_is_counted(study):
    interview = make_interview(coders=("anna", "ben"), keys=("sharing", "trust"))

    taken = import_coded(study, interview, make_interview("S2", ("Synthetic.",)))

    n_excerpts = len(interview.excerpts) + 1
    n_codings = len(interview.excerpts) * 2 * 2
    assert taken == TakenIn(2, n_excerpts, n_codings, n_coders=2, n_known=0, **SAME_BOOK)


def test_second_coder_of_known_interviews_adds_only_that_coder(study):
    first = make_interview(keys=("trust",))
    import_coded(study, first)
    before = rows_of(study)

    taken = import_coded(study, make_interview(coders=("ben",), keys=("sharing",)), now=LATER)

    n_excerpts = len(first.excerpts)
    assert taken == TakenIn(0, 0, n_excerpts, n_coders=1, n_known=1, **SAME_BOOK)
    assert rows_of(study)[:n_excerpts] == before
    assert {(row.coder, row.keys) for row in rows_of(study)[n_excerpts:]} == {("ben", ("sharing",))}


def test_coder_may_go_on_where_an_earlier_file_ended(study):
    whole = make_interview(keys=("trust",))
    import_coded(study, replace(whole, codings=whole.codings[:2]))

    import_coded(study, whole, now=LATER)

    assert [row.excerpt for row in rows_of(study)] == [e.label for e in whole.excerpts]


def changed_words(interview):
    first = replace(interview.excerpts[0], text="Synthetic: other words.")
    return replace(interview, excerpts=(first, *interview.excerpts[1:]))


def normalised_words(interview):
    excerpts = (
        replace(e, text=COMPOSED) if e.text == DECOMPOSED else e for e in interview.excerpts
    )
    return replace(interview, excerpts=tuple(excerpts))


def fewer_excerpts(interview):
    return replace(interview, excerpts=interview.excerpts[:-1], codings=interview.codings[:-1])


@pytest.mark.parametrize("change", [changed_words, normalised_words, fewer_excerpts])
def test_known_interview_with_other_words_is_refused_and_nothing_comes_in(study, change):
    import_coded(study, make_interview())
    before = fingerprint_of(study)

    with pytest.raises(InputError, match="'S1' is in the study with other excerpts"):
        import_coded(study, make_interview("S0"), change(make_interview()), make_interview("S2"))

    assert fingerprint_of(study) == before


def test_coder_with_other_codes_is_refused_by_line_and_nothing_comes_in(study):
    import_coded(study, make_interview(keys=("trust",)))
    before = fingerprint_of(study)
    changed = make_interview(keys=("trust", "sharing"))

    with pytest.raises(InputError) as caught:
        import_coded(study, make_interview("S2"), changed)

    assert len(caught.value.offenders) == len(changed.excerpts)
    assert caught.value.offenders[0].startswith("line 2: coder 'anna' coded excerpt 'S1-e0'")
    assert "Synthetic" not in str(caught.value)
    assert fingerprint_of(study) == before


def test_refused_file_brings_no_codebook_either(study):
    import_coded(study, make_interview())
    renamed = replace(CODEBOOK, note="Synthetic: a new note.")

    with pytest.raises(InputError):
        import_coded(study, changed_words(make_interview()), codebook=renamed)

    with study.database.read() as connection:
        assert connection.scalars(sa.select(t.codebook_version.c.number)).all() == [1]


def test_labels_with_slashes_do_not_run_into_each_other(study):
    one = make_interview("a/b", ("Synthetic one.",))
    other = make_interview("a", ("Synthetic other.",))
    interviews = [
        replace(
            interview,
            excerpts=(replace(interview.excerpts[0], label=label),),
            codings=(replace(interview.codings[0], excerpt_label=label),),
        )
        for interview, label in ((one, "c"), (other, "b/c"))
    ]

    import_coded(study, *interviews)

    assert [(row.interview, row.excerpt) for row in rows_of(study)] == [("a/b", "c"), ("a", "b/c")]


def test_file_may_come_with_an_earlier_codebook(study):
    import_coded(study, make_interview(keys=("sharing",)))
    smaller = replace(CODEBOOK, codes=CODEBOOK.codes[:1], relations=(), themes=())
    import_coded(study, make_interview(keys=("sharing",)), codebook=smaller)

    import_coded(study, make_interview("S2", ("Synthetic.",), keys=KEYS))

    assert rows_of(study)[-1].keys == KEYS


def test_excerpts_as_given_are_published_unless_the_study_cuts_them_itself(study):
    import_coded(study, make_interview("S1"))
    import_coded(study, make_interview("S2"), is_segmenting=True)

    with study.database.read() as connection:
        published, waiting = list_transcripts(connection)
        assert read_excerpts(connection, published) == read_given(connection, published)
        assert read_excerpts(connection, waiting) == []
        assert len(read_given(connection, waiting)) == len(make_interview().excerpts)


def test_codings_keep_their_place_where_the_study_cuts_the_transcripts_itself(study):
    interview = make_interview(keys=("trust",))

    import_coded(study, interview, is_segmenting=True)

    assert [row.text for row in rows_of(study)] == [e.text for e in interview.excerpts]


def test_work_of_the_pages_coder_that_a_file_brings_is_done_in_the_queue(study):
    import_coded(study, make_interview("S1", coders=("coder",), keys=("trust",)))
    with study.database.write() as connection:
        set_desk(connection)

    taken = import_coded(study, make_interview("S1", coders=("ben",)))

    assert taken.n_coders == 1
    with study.database.read() as connection:
        (progress,) = list_progress(connection, find_coder(connection, "coder"))
    assert progress.n_done == progress.n_excerpts


def test_file_brings_the_queue_of_the_pages_coder_up_to_date(study):
    import_coded(study, make_interview("S1"))
    with study.database.write() as connection:
        set_desk(connection)

    import_coded(study, make_interview("S1", coders=("coder",), keys=("trust", "sharing")))

    with study.database.read() as connection:
        items = connection.execute(sa.select(t.queue_item.c.is_done, t.queue_item.c.n_given)).all()
    assert set(items) == {(True, 2)}


def test_coder_of_a_file_does_not_review_on_the_page(study):
    import_coded(study, make_interview(coders=("ben",)))

    with study.database.read() as connection:
        ben = connection.execute(sa.select(t.coder).where(t.coder.c.name == "ben")).one()
        (transcript,) = list_transcripts(connection)
        standing = read_standing(connection, transcript.id)
    assert (ben.is_reviewing, ben.added_at) == (False, NOW)
    assert {name for _, name in standing} == {"ben"}


def test_codebook_that_lost_a_code_says_so(study):
    import_coded(study, make_interview(keys=("trust",)))
    smaller = replace(CODEBOOK, codes=CODEBOOK.codes[:1], relations=(), themes=())

    taken = take_in(study, [], smaller, is_segmenting=False, now=LATER)

    assert taken.codebook_version == 2
    assert taken.codes_gone == tuple(sorted(code.key for code in CODEBOOK.codes[1:]))


def test_assisted_coding_of_a_file_stays_assisted(study):
    given = make_interview()
    codings = tuple(replace(coding, is_assisted=True) for coding in given.codings)

    import_coded(study, replace(given, codings=codings))

    assert {row.is_assisted for row in rows_of(study)} == {True}
    with study.database.read() as connection:
        (transcript,) = list_transcripts(connection)
        work = read_finished_work(connection, transcript)
    assert {each.is_assisted for each in work} == {True}


def test_excerpt_begun_on_the_page_takes_what_its_coder_did_in_a_file(study):
    import_coded(study, make_interview(coders=("anna",)))
    with study.database.write() as connection:
        desk = set_desk(connection)
        unsure = Action("a", desk.coder_id, desk.excerpt_ids[0], (Verdict("unsure"),))
        record_action(connection, unsure, now=LATER)

    import_coded(study, make_interview(coders=("coder",)))

    n_excerpts = len(make_interview().excerpts)
    assert sum(row.coder == "coder" for row in rows_of(study)) == n_excerpts


def test_codings_of_a_file_are_not_undone_on_the_page(study):
    import_coded(study, make_interview(coders=("coder",), keys=("trust",)))
    with study.database.read() as connection:
        assert last_action(connection, find_coder(connection, "coder")) is None
