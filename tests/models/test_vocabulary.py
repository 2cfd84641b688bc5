import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, random_array
from sklearn.feature_extraction.text import TfidfVectorizer

from models.vocabulary import LETTERS, WORDS, Vocabulary, fit_vocabulary, overlap, weigh_terms
from tests.models.talk import make_talk

TEXTS = make_talk().passages.texts


@pytest.mark.parametrize("options", [WORDS, LETTERS])
def test_terms_are_weighed_as_scikit_learn_weighs_them(options):
    theirs = TfidfVectorizer(sublinear_tf=True, min_df=2, **options)
    expected = theirs.fit_transform(TEXTS)

    vocabulary = fit_vocabulary(TEXTS, options, min_texts=2)
    weighed = weigh_terms(TEXTS, vocabulary, options)

    assert vocabulary.terms.tolist() == theirs.get_feature_names_out().tolist()
    assert abs(weighed - expected).max() < 1e-6


def test_a_vocabulary_is_all_that_is_needed_to_weigh_other_texts():
    vocabulary = fit_vocabulary(TEXTS, WORDS, min_texts=2)
    again = Vocabulary(vocabulary.terms.copy(), vocabulary.idf.copy())

    weighed = weigh_terms(["Rain and rain storm", "zzz"], again, WORDS)

    lengths = np.sqrt((weighed.toarray() ** 2).sum(axis=1))
    assert lengths.tolist() == pytest.approx([1, 0])
    assert "rain" in vocabulary.terms[weighed[[0]].indices]


def test_a_term_of_one_text_is_not_learnt():
    texts = ["rain fell", "rain came", *["it was so"] * 60]

    terms = fit_vocabulary(texts, WORDS, min_texts=2).terms

    assert "rain" in terms
    assert "fell" not in terms


@pytest.mark.parametrize("texts", [["", "  "], ["?", "..."]])
def test_texts_without_words_have_no_terms_and_nothing_in_common(texts):
    vocabulary = fit_vocabulary(texts, WORDS, min_texts=2)
    weighed = weigh_terms(texts, vocabulary, WORDS)

    assert len(vocabulary.terms) == 0
    assert weighed.shape == (2, 0)
    assert (overlap(weighed, weighed) == 0).all()


def test_no_texts_are_no_rows():
    vocabulary = fit_vocabulary(TEXTS, WORDS, min_texts=2)

    weighed = weigh_terms([], vocabulary, WORDS)

    assert weighed.shape == (0, len(vocabulary.terms))
    assert overlap(weighed, weighed).shape == (0, 0)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 300), st.floats(0, 0.2))
def test_overlap_is_the_plain_product(seed, n_right, density):
    rng = np.random.default_rng(seed)
    left, right = (
        csr_array(random_array((n, 40), density=density, rng=rng, dtype=np.float32))
        for n in (20, n_right)
    )

    assert overlap(left, right) == pytest.approx((left @ right.T).toarray(), abs=1e-5)
