"""Facts about why a code is suggested, as the page says it; words are synthetic."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from review.reasons import MOST_CHARS
from study import tables as t
from study.codebooks import current_codebook, store_codebook
from study.decisions import Action, Verdict, record_action
from tests.review.conftest import NOW, TRUST
from tests.review.evidence import PART, give_trust, rest_on
from tests.review.test_agreement_page import owe

# Excerpts of D1 are rows 1 to 5, those of E1 6 and 7.
DUTCH, ENGLISH = "Ik wist meteen: haar kan ik geloven.", "Being ashamed at the door."


@pytest.fixture
def reasons(page, propose_anew):
    """Suggest trust for the third excerpt of D1 on some evidence; give what is shown of it."""
    give_trust(page.study, 2, 7)

    def show(evidence, **facts):
        suggested = {"D1": [(2, "trust", 0.7, evidence)]}
        propose_anew(page.study, "b" * 64, suggested, probability=0.7, **facts)
        return page.suggestions(3)[1]

    return show


def told(suggestion):
    found = [suggestion["reason"], *suggestion["more"]]
    return [(each["lead"], each["text"]) for each in found]


EXAMPLE = ("resembles the example", "Vertrouwen: an example (nl).")


def test_the_nearest_coded_excerpt_is_told_first_then_the_next_and_the_codebook(reasons):
    suggestion = reasons(rest_on(7, 2))

    assert told(suggestion) == [("like", ENGLISH), ("also like", DUTCH), EXAMPLE]
    assert (suggestion["reason"]["interview"], suggestion["reason"]["language"]) == ("E1", "en")
    assert suggestion["more"][0]["interview"] == "D1"


def test_telling_words_are_told_by_their_places_in_code_points(reasons):
    suggestion = reasons(rest_on(7, words=[(3, 9), (22, 27)]))

    assert [(w["start_char"], w["end_char"], w["text"]) for w in suggestion["words"]] == [
        (3, 9, "daarna"),
        (22, 27, "alles"),
    ]


def test_an_excerpt_of_an_interview_that_is_still_to_be_coded_blind_is_not_shown(reasons, page):
    owe(page, "E1")

    suggestion = reasons(rest_on(7, 2))

    assert told(suggestion) == [("like", DUTCH), EXAMPLE]
    assert ENGLISH not in page.client.get("/excerpts/3").text


def test_a_reason_comes_back_when_nothing_is_owed_any_more(reasons, page):
    owe(page, "E1")
    page.send(6, "done")

    assert told(reasons(rest_on(7)))[0] == ("like", ENGLISH)


def test_an_excerpt_whose_code_was_taken_back_is_not_shown(reasons, page):
    with page.study.database.write() as connection:
        ben = connection.scalar(sa.select(t.coder.c.id).where(t.coder.c.name == "ben"))
        trust = current_codebook(connection).code_ids[TRUST]
        back = Action("back", ben, 7, (Verdict("remove", trust),))
        record_action(connection, back, now=NOW)

    assert told(reasons(rest_on(7, 2))) == [("like", DUTCH), EXAMPLE]


def test_where_no_excerpt_can_be_shown_the_codebook_speaks(reasons):
    assert told(reasons(rest_on(999, 1))) == [EXAMPLE]


def test_a_language_model_is_named_where_it_proposed(reasons):
    shown = reasons({"kind": "endpoint", "model": "a-local-model"})

    assert told(shown) == [("proposed by the language model", "a-local-model")]


def test_where_nothing_can_be_shown_there_is_no_reason(reasons):
    suggestion = reasons(rest_on(999, part={**PART, "index": 9}))

    assert (suggestion["reason"], suggestion["more"]) == (None, [])


def test_a_changed_codebook_leaves_the_excerpts_and_takes_its_own_texts(reasons, page, book):
    reasons(rest_on(7))
    with page.study.database.write() as connection:
        store_codebook(connection, replace(book, note="new"), now=NOW)
    page = page.reopened()

    found = told(page.suggestions(3)[1])

    page.client.close()
    page.study.database.close()
    assert found == [("like", ENGLISH)]


def test_an_excerpt_with_a_code_that_went_into_the_suggested_one_is_shown(page, propose_anew, book):
    give_trust(page.study, 7)
    trust, click, shame = book.codes
    bond, _ = book.themes
    merged = replace(
        book,
        codes=(replace(click, replaces=(trust.key,)), shame),
        themes=(replace(bond, codes=(click.guid,)),),
    )
    with page.study.database.write() as connection:
        store_codebook(connection, merged, now=NOW)

    propose_anew(page.study, "b" * 64, {"D1": [(2, "click", 0.7, rest_on(7))]})

    assert told(page.suggestions(3)[1])[0] == ("like", ENGLISH)


def test_words_are_not_told_after_a_redaction(reasons, page):
    reasons(rest_on(7, words=[(3, 8)]))
    with page.study.database.write() as connection:
        connection.execute(sa.update(t.model_version).values(state="redacted"))

    suggestion = page.suggestions(3)[1]

    assert suggestion["words"] == []
    assert told(suggestion)[0] == ("like", ENGLISH)


@pytest.mark.parametrize("word", ["ja ", "j"])
def test_a_long_excerpt_is_quoted_to_the_end_of_a_word(page, propose_anew, word):
    give_trust(page.study, 7)
    with page.study.database.write() as connection:
        connection.execute(
            sa.update(t.transcript_version)
            .where(t.transcript_version.c.text.endswith(ENGLISH))
            .values(text="What was the worst part?\n" + word * 200)
        )
        connection.execute(sa.update(t.excerpt).where(t.excerpt.c.id == 7).values(end_char=625))

    propose_anew(page.study, "b" * 64, {"D1": [(2, "trust", 0.7, rest_on(7))]}, probability=0.7)
    ((_, text), *_) = told(page.suggestions(3)[1])

    assert text.endswith((f"{word.strip()} …", "ja …"))
    assert MOST_CHARS - 3 <= len(text) <= MOST_CHARS + 2


@pytest.mark.parametrize(
    ("probability", "short", "sentence"),
    [
        (0.7, "7 in 10", "7 of 10 such suggestions are right"),
        (0.98, "more than 9 in 10", "More than 9 of 10 such suggestions are right"),
        (0.01, "fewer than 1 in 10", "Fewer than 1 of 10 such suggestions are right"),
    ],
)
def test_a_probability_is_told_in_tenths(page, propose_anew, probability, short, sentence):
    evidence = {"D1": [(2, "trust", probability, PART)]}
    propose_anew(page.study, "b" * 64, evidence, probability=probability)

    suggestion = page.suggestions(3)[1]

    assert suggestion["chance"] == {"short": short, "sentence": sentence}
    assert suggestion["strength"] is None


def test_a_score_of_a_measure_of_its_own_is_told_as_neither(page, propose_anew):
    said = {"D1": [(2, "trust", 0.9, {"kind": "synthetic"})]}
    propose_anew(page.study, "b" * 64, said, method="synthetic")

    suggestion = page.suggestions(3)[1]

    assert (suggestion["strength"], suggestion["chance"], suggestion["reason"]) == (None,) * 3
