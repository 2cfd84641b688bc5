"""Fits what proposes to a study: what is usual in it, and a changed codebook's codes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from numpy.typing import NDArray

from models.similarity import fit_similarity
from pipeline.embed import embed_texts
from pipeline.learning.renewing import is_renewable, renew_classifier
from pipeline.plan import EMBED, FIT, SIMILARITY, Wanted, embed_input, read_wanted
from pipeline.proposers.calibrated import CALIBRATION
from pipeline.proposers.outside import describe_proposer, is_same_proposer
from pipeline.proposers.similarity import list_parts, pack_model
from pipeline.work import Work
from study.ledger import done_inputs, hash_parts, is_done, record_done
from study.model_files import check_model, load_model, save_model
from study.records import Excerpt, ModelVersion, Transcript
from study.registry import copy_figures, read_in_force
from study.suggestions import store_model
from study.transcripts import list_transcripts, read_excerpts, segmentation_hashes
from study.vectors import FloatArray, find_encoder, hash_text, read_vectors

# What is usual is learnt anew when the study has grown by half: often enough to follow it, seldom
# enough that suggestions do not shift under the coders.
GROWTH = 1.5


@dataclass(frozen=True)
class Described:
    """The similarity models of a study, a language each, as named arrays."""

    arrays: dict[str, NDArray[Any]]
    languages: list[str]
    n_excerpts: int


def fit_codes(work: Work) -> int:
    """Fit what proposes where the study, its codebook or settings changed; give its excerpts.

    A classifier keeps what it learnt: only its similarity part is fitted anew, and it takes on the
    codes of the codebook as it stands.
    """
    study, wanted = work.study, read_wanted(work.study)
    embedded = _embedded(work, wanted)
    with study.database.read() as connection:
        model = read_in_force(connection)
    if model is not None and _is_fitting(work, wanted, model, embedded):
        return 0
    described = describe_codes(work, wanted, embedded)
    facts = make_facts(wanted, described)
    if model is not None and is_renewable(study, wanted, model):
        arrays, facts = renew_classifier(study, wanted, model, described.arrays, facts)
        sha256 = save_model(study.folder / "models", arrays, facts)
        _store(work, wanted, facts, sha256, learnt_by=model)
    else:
        facts = describe_proposer(study, wanted, described.arrays, facts, before=model)
        sha256 = save_model(study.folder / "models", described.arrays, facts)
        _store(work, wanted, facts, sha256, learnt_by=model if CALIBRATION in facts else None)
    return described.n_excerpts


def describe_codes(
    work: Work, wanted: Wanted, embedded: list[tuple[Transcript, list[Excerpt]]] | None = None
) -> Described:
    """Learn in each language spoken how similar excerpts usually are to each code."""
    by_language: dict[str, list[str]] = defaultdict(list)
    for transcript, excerpts in _embedded(work, wanted) if embedded is None else embedded:
        language = transcript.language or work.study.settings.language
        by_language[language] += [excerpt.text_hash for excerpt in excerpts]
    arrays: dict[str, NDArray[Any]] = {}
    for number, language in enumerate(sorted(by_language)):
        parts = list_parts(wanted.codebook.codebook, language)
        embed_texts(work, [part.text for part in parts])
        vectors = _vectors(work, wanted, by_language[language])
        part_vectors = _vectors(work, wanted, [hash_text(part.text) for part in parts])
        arrays |= pack_model(fit_similarity(vectors, part_vectors, parts), number)
    n_excerpts = sum(len(hashes) for hashes in by_language.values())
    return Described(arrays, sorted(by_language), n_excerpts)


def make_facts(wanted: Wanted, described: Described) -> dict[str, Any]:
    """Say what similarity models were made of."""
    return {
        "method": SIMILARITY,
        "encoder": asdict(wanted.encoder),
        "codebook": wanted.codebook.codebook.content_hash,
        "languages": described.languages,
        "n_excerpts": described.n_excerpts,
        "settings": wanted.settings_hash,
    }


def _is_fitting(
    work: Work,
    wanted: Wanted,
    model: ModelVersion,
    embedded: list[tuple[Transcript, list[Excerpt]]],
) -> bool:
    models = work.study.folder / "models"
    n_excerpts = sum(len(excerpts) for _, excerpts in embedded)
    if model.settings_hash != wanted.settings_hash or not check_model(models, model.sha256):
        return False
    if n_excerpts >= GROWTH * model.n_excerpts:
        return False
    spoken = {transcript.language or work.study.settings.language for transcript, _ in embedded}
    arrays, facts = load_model(models, model.sha256)
    return spoken <= set(facts["languages"]) and is_same_proposer(work.study, arrays, facts)


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


def _vectors(work: Work, wanted: Wanted, hashes: list[str]) -> FloatArray:
    with work.study.database.read() as connection:
        encoder_id = find_encoder(connection, wanted.encoder.name, wanted.encoder.revision)
        return read_vectors(connection, encoder_id or 0, hashes)


def _store(
    work: Work,
    wanted: Wanted,
    facts: Mapping[str, Any],
    sha256: str,
    *,
    learnt_by: ModelVersion | None = None,
) -> None:
    input_hash = hash_parts(sha256)
    with work.study.database.write() as connection:
        encoder_id = find_encoder(connection, wanted.encoder.name, wanted.encoder.revision)
        model_id = store_model(
            connection,
            method=facts["method"],
            encoder_id=encoder_id or 0,
            codebook_version_id=wanted.codebook.id,
            run_id=work.run_id,
            sha256=sha256,
            settings_hash=wanted.settings_hash,
            n_excerpts=facts["n_excerpts"],
            now=work.clock(),
        )
        if learnt_by is not None:
            copy_figures(connection, learnt_by.id, model_id)
        if not is_done(connection, FIT, facts["method"], input_hash):
            record_done(
                connection,
                FIT,
                facts["method"],
                input_hash,
                run_id=work.run_id,
                n_rows=facts["n_excerpts"],
                now=work.clock(),
            )
