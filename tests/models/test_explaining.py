from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.explaining import N_NEAREST, N_TERMS, TOKEN, find_near_excerpts, find_telling_words
from models.features import make_features
from tests.models.talk import (
    BREAD,
    N_CODES,
    NOBODY_USES,
    SAID,
    WEATHER,
    fitted_talk,
    fitted_without_last,
    make_talk,
)

NO_GROUPS = np.array([], dtype=int)


def near(code, *, row=0, groups=NO_GROUPS, stored=None):
    stored = stored or fitted_talk().stored
    return find_near_excerpts(stored, fitted_talk().features, row, code, groups=groups)


def tell(text, code=WEATHER, stored=None):
    """Ask for the telling words of one synthetic text, and give what they cover."""
    stored = stored or fitted_talk().stored
    passages = replace(make_talk().passages.take(np.array([0])), texts=(text,))
    features = make_features(stored.space, passages)
    return find_telling_words(stored, features, 0, code, text)


def covered(text, **options):
    return [text[span.start_char : span.end_char] for span in tell(text, **options)]


def test_near_excerpts_have_the_code_and_come_nearest_first():
    talk = make_talk()

    found = near(WEATHER, row=4)

    rows = [each.excerpt_id - 1000 for each in found]
    assert len(found) == N_NEAREST
    assert talk.labels.has_code[rows, WEATHER].all()
    assert found[0].similarity >= found[1].similarity
    meaning = fitted_talk().features.meaning
    coded = np.flatnonzero(talk.labels.has_code[:, WEATHER])
    assert found[0].similarity == pytest.approx((meaning[coded] @ meaning[4]).max(), abs=1e-4)


def test_excerpts_of_other_participants_come_first():
    groups = np.unique(make_talk().groups)
    of_first = make_talk().rows_of(0)
    row = int(of_first[make_talk().labels.has_code[of_first, WEATHER]][0])

    anywhere, elsewhere = near(WEATHER, row=row), near(WEATHER, row=row, groups=groups[:1])

    # The nearest of all is the excerpt itself.
    assert anywhere[0].excerpt_id == 1000 + row
    assert not any(each.is_same_group for each in elsewhere)
    assert not np.isin([each.excerpt_id - 1000 for each in elsewhere], of_first).any()


def test_where_nobody_else_has_it_the_same_participants_are_shown():
    groups = np.unique(make_talk().groups)

    found = near(WEATHER, groups=groups)

    assert [each.is_same_group for each in found] == [True, True]


def test_a_code_nobody_uses_has_no_near_excerpts():
    assert near(NOBODY_USES) == []


def test_excerpts_not_learnt_from_are_not_shown():
    stored = fitted_without_last().stored
    rest = make_talk().rows_of(6, 7)
    is_known = np.ones_like(stored.labels.is_known)
    stored = replace(stored, labels=replace(stored.labels, is_known=is_known))
    row = int(rest[make_talk().labels.has_code[rest, BREAD]][0])

    found = near(BREAD, row=row, stored=stored)

    assert not np.isin([each.excerpt_id - 1000 for each in found], rest).any()


def test_the_words_that_speak_for_a_code_are_found_in_their_place():
    assert covered("Qqq: STORM, qqq.") == ["STORM"]
    assert covered("Qqq bread qqq.", code=BREAD) == ["bread"]


def test_a_text_without_known_words_has_no_telling_words():
    assert tell("") == []
    assert tell("Qqq zzz.") == []


def test_words_that_speak_against_a_code_are_not_shown():
    stored = fitted_talk().stored
    against = replace(stored, word_weights=-np.abs(stored.word_weights))

    assert tell("Rain and storm came.", stored=against) == []


def test_pairs_of_words_that_overlap_are_one_stretch():
    stored = fitted_talk().stored
    terms = stored.space.words.terms.tolist()
    first = next(term for term in terms if " " in term)
    second = next(term for term in terms if term.startswith(f"{first.split()[1]} "))
    weights = np.zeros_like(stored.word_weights)
    weights[[terms.index(first), terms.index(second)], WEATHER] = 1
    said = f"{first.split()[0]} {second}"

    found = covered(f"Qqq {said} qqq.", stored=replace(stored, word_weights=weights))

    assert found == [said]


words = st.sampled_from(["Rain", "storm", "bread", "violin", "then", "we", "came", "ß", "İt", "😀"])


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(words, max_size=12), st.sampled_from([" ", ", ", "\n"]), st.integers(0, N_CODES - 1)
)
def test_telling_words_are_inside_the_text_in_order_and_whole(said, between, code):
    text = between.join(said)

    spans = tell(text, code=code)

    ends = [place for span in spans for place in (span.start_char, span.end_char)]
    assert ends == sorted(set(ends))
    assert all(0 <= place <= len(text) for place in ends)
    tokens = list(TOKEN.finditer(text))
    assert {span.start_char for span in spans} <= {token.start() for token in tokens}
    assert {span.end_char for span in spans} <= {token.end() for token in tokens}


def test_at_most_so_many_terms_are_shown():
    said = " ".join(SAID[WEATHER].split())

    assert 1 <= len(tell(f"{said} then {said}")) <= 2 * N_TERMS
