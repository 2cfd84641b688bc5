"""Words and letters of excerpts as sparse rows, by a vocabulary that can be stored as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.vectors import FloatArray

SparseRows: TypeAlias = Any  # scipy's csr_array has no type information

# Words and pairs of words; letters within words, which carry over between forms of a word.
WORDS: dict[str, Any] = {"ngram_range": (1, 2), "max_features": 50_000}
LETTERS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5), "max_features": 100_000}
# A column that more than one row in so many has is multiplied densely: sparse products of common
# columns take most of the time.
COMMON = 100


@dataclass(frozen=True)
class Vocabulary:
    """Terms and how much each says: (n_terms,) and their inverse document frequency."""

    terms: NDArray[np.str_]
    idf: FloatArray


def fit_vocabulary(texts: Sequence[str], options: dict[str, Any], *, min_texts: int) -> Vocabulary:
    """Learn the terms that at least so many texts have; none is an answer."""
    vectorizer = _vectorizer(options, min_df=min(min_texts, max(1, len(texts) // 20)))
    try:
        vectorizer.fit(texts)
    except ValueError:
        # scikit-learn has no other way to say that no text has a term.
        return Vocabulary(np.array([], dtype=np.str_), np.array([], dtype=np.float32))
    terms = np.array(sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get))
    return Vocabulary(terms, vectorizer.idf_.astype(np.float32))


def weigh_terms(
    texts: Sequence[str], vocabulary: Vocabulary, options: dict[str, Any]
) -> SparseRows:
    """Weigh the terms of each text by TF-IDF: (n_texts, n_terms) sparse, rows of length 1 or 0."""
    if not len(vocabulary.terms) or not texts:
        from scipy.sparse import csr_array  # noqa: PLC0415  an idle run starts without it

        return csr_array((len(texts), len(vocabulary.terms)), dtype=np.float32)
    vectorizer = _vectorizer(options, vocabulary=vocabulary.terms.tolist())
    vectorizer.idf_ = vocabulary.idf.astype(np.float64)
    return vectorizer.transform(texts).astype(np.float32)


def overlap(left: SparseRows, right: SparseRows) -> FloatArray:
    """Return the dot products of sparse rows, (n_left, n_right) dense."""
    counts = np.bincount(right.indices, minlength=right.shape[1])
    is_common = counts * COMMON > right.shape[0]
    products: FloatArray = left[:, is_common].toarray() @ right[:, is_common].toarray().T
    rest = (left[:, ~is_common] @ right[:, ~is_common].T).tocoo()
    np.add.at(products, (rest.row, rest.col), rest.data)
    return products


def _vectorizer(options: dict[str, Any], **more: Any) -> Any:  # noqa: ANN401 - scikit-learn's own
    from sklearn.feature_extraction.text import (  # noqa: PLC0415  an idle run starts without it
        TfidfVectorizer,
    )

    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **{**options, **more})
