"""Proposes codes for excerpts by their similarity to what the codebook says of each code."""

from collections import defaultdict
from dataclasses import asdict
from typing import Any

import numpy as np

from codebook.records import Codebook
from models.similarity import (
    EXAMPLE,
    INCLUDE,
    STATEMENT,
    CodePart,
    Scores,
    SimilarityModel,
    choose_codes,
    fit_similarity,
    score_similarity,
)
from pipeline.embed import embed_texts
from pipeline.plan import (
    EMBED,
    FIT,
    PROPOSE,
    SIMILARITY,
    Wanted,
    embed_input,
    propose_input,
    read_wanted,
)
from pipeline.work import Work
from study.ledger import done_inputs, hash_parts, is_done, record_done
from study.model_files import check_model, load_model, save_model
from study.records import Excerpt, NewSuggestion, Transcript
from study.suggestions import (
    current_model,
    read_scores,
    store_model,
    store_scores,
    store_suggestions,
)
from study.transcripts import (
    list_transcripts,
    read_excerpts,
    read_transcript,
    segmentation_hashes,
)
from study.vectors import FloatArray, find_encoder, hash_text, read_vectors

# What is usual is learnt anew when the study has grown by half: often enough to follow it, seldom
# enough that suggestions do not shift under the coders.
GROWTH = 1.5


def list_parts(codebook: Codebook, language: str) -> list[CodePart]:
    """List the texts that say what each code is, in a language where the codebook has it."""
    parts = []
    for number, code in enumerate(codebook.codes):
        wording = code.wording(language)
        parts.append(CodePart(number, STATEMENT, 0, f"{wording.name}. {wording.definition}"))
        parts += [CodePart(number, INCLUDE, i, text) for i, text in enumerate(wording.include)]
        parts += [CodePart(number, EXAMPLE, i, text) for i, text in enumerate(wording.examples)]
    return parts


def fit_codes(work: Work) -> int:
    """Fit the similarity model to the study where it is new or has grown; give its excerpts."""
    study, wanted = work.study, read_wanted(work.study)
    embedded = _embedded(work, wanted)
    n_excerpts = sum(len(excerpts) for _, excerpts in embedded)
    with study.database.read() as connection:
        model = current_model(connection, SIMILARITY, wanted.settings_hash)
    spoken = {transcript.language or study.settings.language for transcript, _ in embedded}
    models = study.folder / "models"
    is_there = model is not None and check_model(models, model.sha256)
    if model is not None and is_there and n_excerpts < GROWTH * model.n_excerpts:
        _, facts = load_model(models, model.sha256)
        if spoken <= set(facts["languages"]):
            return 0
    arrays, languages = _fit_languages(work, wanted, embedded)
    facts = {
        "method": SIMILARITY,
        "encoder": asdict(wanted.encoder),
        "codebook": wanted.codebook.codebook.content_hash,
        "languages": languages,
        "n_excerpts": n_excerpts,
        "settings": wanted.settings_hash,
    }
    sha256 = save_model(models, arrays, facts)
    _store(work, wanted, sha256, n_excerpts)
    return n_excerpts


def propose_codes(work: Work, transcript_id: int) -> int:
    """Score a transcript's excerpts and store suggestions; give their number."""
    study, wanted = work.study, read_wanted(work.study)
    with study.database.read() as connection:
        model = current_model(connection, SIMILARITY, wanted.settings_hash)
        assert model is not None, "fit_codes runs first"
        transcript = read_transcript(connection, transcript_id)
        cut = segmentation_hashes(connection)[transcript.segmentation_id]
        input_hash = propose_input(cut, model)
        if is_done(connection, PROPOSE, transcript.interview, input_hash):
            return 0
        excerpts = read_excerpts(connection, transcript)
        hashes = [excerpt.text_hash for excerpt in excerpts]
        vectors = read_vectors(connection, model.encoder_id, hashes)
    arrays, facts = load_model(study.folder / "models", model.sha256)
    language = transcript.language or study.settings.language
    scores = score_similarity(unpack_model(arrays, facts["languages"].index(language)), vectors)
    parts = list_parts(wanted.codebook.codebook, language)
    suggestions = suggest(work, wanted, excerpts, scores, parts)
    with study.database.write() as connection:
        # Where a redaction touched no excerpt the same model may have scored this cut before.
        if read_scores(connection, transcript.segmentation_id or 0, model.id) is None:
            store_scores(
                connection,
                scores.values,
                segmentation_id=transcript.segmentation_id or 0,
                run_id=work.run_id,
                model=model,
            )
            store_suggestions(connection, suggestions, run_id=work.run_id, model=model)
        record_done(
            connection,
            PROPOSE,
            transcript.interview,
            input_hash,
            run_id=work.run_id,
            n_rows=len(suggestions),
            now=work.clock(),
        )
    return len(suggestions)


def suggest(
    work: Work,
    wanted: Wanted,
    excerpts: list[Excerpt],
    scores: Scores,
    parts: list[CodePart],
) -> list[NewSuggestion]:
    """Choose codes for each excerpt, each with the text of the codebook that is nearest."""
    settings = work.study.settings
    chosen = choose_codes(
        scores.values, at_most=settings.n_suggestions, min_score=settings.min_score
    )
    code_ids = list(wanted.codebook.code_ids.values())
    return [
        NewSuggestion(
            excerpt_id=excerpt.id,
            code_id=code_ids[code],
            score=float(scores.values[row, code]),
            rank=rank,
            evidence=_evidence(parts[scores.nearest[row, code]], scores.similarity[row, code]),
        )
        for row, (excerpt, codes) in enumerate(zip(excerpts, chosen, strict=True))
        for rank, code in enumerate(codes, start=1)
    ]


def pack_model(model: SimilarityModel, number: int) -> dict[str, np.ndarray[Any, Any]]:
    """Lay a language's model out as named arrays."""
    return {f"{name}-{number}": value for name, value in vars(model).items()}


def unpack_model(arrays: dict[str, np.ndarray[Any, Any]], number: int) -> SimilarityModel:
    """Read a language's model from named arrays."""
    fields = SimilarityModel.__dataclass_fields__
    return SimilarityModel(**{name: arrays[f"{name}-{number}"] for name in fields})


def _evidence(part: CodePart, similarity: np.float32) -> dict[str, Any]:
    return {"kind": part.kind, "index": part.index, "similarity": round(float(similarity), 4)}


def _embedded(work: Work, wanted: Wanted) -> list[tuple[Transcript, list[Excerpt]]]:
    with work.study.database.read() as connection:
        done = done_inputs(connection, EMBED)
        hashes = segmentation_hashes(connection)
        return [
            (transcript, read_excerpts(connection, transcript))
            for transcript in list_transcripts(connection)
            if (
                transcript.interview,
                embed_input(hashes.get(transcript.segmentation_id), wanted.encoder),
            )
            in done
        ]


def _fit_languages(
    work: Work, wanted: Wanted, embedded: list[tuple[Transcript, list[Excerpt]]]
) -> tuple[dict[str, np.ndarray[Any, Any]], list[str]]:
    by_language: dict[str, list[str]] = defaultdict(list)
    for transcript, excerpts in embedded:
        language = transcript.language or work.study.settings.language
        by_language[language] += [excerpt.text_hash for excerpt in excerpts]
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for number, language in enumerate(sorted(by_language)):
        parts = list_parts(wanted.codebook.codebook, language)
        embed_texts(work, [part.text for part in parts])
        vectors = _vectors(work, wanted, by_language[language])
        part_vectors = _vectors(work, wanted, [hash_text(part.text) for part in parts])
        arrays |= pack_model(fit_similarity(vectors, part_vectors, parts), number)
    return arrays, sorted(by_language)


def _vectors(work: Work, wanted: Wanted, hashes: list[str]) -> FloatArray:
    with work.study.database.read() as connection:
        encoder_id = find_encoder(connection, wanted.encoder.name, wanted.encoder.revision)
        return read_vectors(connection, encoder_id or 0, hashes)


def _store(work: Work, wanted: Wanted, sha256: str, n_excerpts: int) -> None:
    input_hash = hash_parts(sha256)
    with work.study.database.write() as connection:
        encoder_id = find_encoder(connection, wanted.encoder.name, wanted.encoder.revision)
        store_model(
            connection,
            method=SIMILARITY,
            encoder_id=encoder_id or 0,
            codebook_version_id=wanted.codebook.id,
            run_id=work.run_id,
            sha256=sha256,
            settings_hash=wanted.settings_hash,
            n_excerpts=n_excerpts,
            now=work.clock(),
        )
        if not is_done(connection, FIT, SIMILARITY, input_hash):
            record_done(
                connection,
                FIT,
                SIMILARITY,
                input_hash,
                run_id=work.run_id,
                n_rows=n_excerpts,
                now=work.clock(),
            )
