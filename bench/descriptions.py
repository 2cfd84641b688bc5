"""Scores excerpts by their similarity to what a codebook says, each language by itself."""

import numpy as np

from bench.coded import CodedData
from bench.vectors import TextVectors
from models.passages import IntArray
from models.similarity import SimilarityModel, fit_similarity, in_memory, score_similarity
from models.vectors import FloatArray
from pipeline.proposers.similarity import list_parts


def list_code_texts(data: CodedData) -> list[str]:
    """List what the codebook says of its codes, in every language of the interviews."""
    languages = sorted(set(data.languages))
    return [part.text for language in languages for part in list_parts(data.codebook, language)]


def score_descriptions(
    data: CodedData, known: IntArray, rows: IntArray, vectors: TextVectors
) -> FloatArray:
    """Score some excerpts, (n_rows, n_codes), by what is usual among the excerpts known."""
    embeddings, languages = vectors.of(data.texts), np.array(data.languages)
    scores = np.zeros((len(rows), data.labels.shape[1]), dtype=np.float32)
    for language in np.unique(languages[rows]):
        there = languages[rows] == language
        usual = known[languages[known] == language]
        # The first interview in a language: as in the product, it is its own measure.
        usual = usual if len(usual) else rows[there]
        model = _fit_language(data, embeddings[usual], vectors, str(language))
        scores[there] = score_similarity(model, embeddings[rows[there]]).values
    return scores


def _fit_language(
    data: CodedData, excerpts: FloatArray, vectors: TextVectors, language: str
) -> SimilarityModel:
    parts = list_parts(data.codebook, language)
    return fit_similarity(in_memory(excerpts), vectors.of(part.text for part in parts), parts)
