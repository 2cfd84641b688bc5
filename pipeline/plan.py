"""Finds what a run has to do from what the ledger says was done; loads no model."""

from dataclasses import dataclass

from models.encoder import EncoderIdentity, identify_encoder
from pipeline.work import Work
from study.codebooks import CodebookVersion, current_codebook
from study.cuts import segmentation_hashes
from study.folder import Study
from study.ledger import QUEUE, done_inputs, hash_parts
from study.records import ModelVersion, Transcript
from study.registry import read_in_force
from study.review_queue import reviewing_coders
from study.settings import Settings
from study.transcripts import list_versions

SIMILARITY, CLASSIFIER = "similarity", "classifier"
OURS = (SIMILARITY, CLASSIFIER)
# Raised when what a step makes of the same input changes, so that it is made again.
SEGMENT_RULE, SIMILARITY_RULE = 2, 1
SEGMENT, EMBED, FIT, PROPOSE = "segment", "embed", "fit", "propose"


@dataclass(frozen=True)
class Wanted:
    """What the study's settings ask for at this moment."""

    encoder: EncoderIdentity
    codebook: CodebookVersion
    settings_hash: str


def read_wanted(study: Study) -> Wanted:
    """Read what suggestions are to be made with.

    Raises:
        StudyError: The study has no codebook.
        ModelError: The settings name an encoder that is not to be had.
    """
    encoder = identify_encoder(study.settings.encoder)
    with study.database.read() as connection:
        codebook = current_codebook(connection)
    settings = study.settings
    return Wanted(
        encoder,
        codebook,
        hash_parts(
            SIMILARITY_RULE,
            encoder.name,
            encoder.revision,
            codebook.codebook.content_hash,
            settings.language,
            settings.n_suggestions,
            settings.min_score,
            *_differing(settings),
        ),
    )


def find_waiting(work: Work) -> list[int]:
    """Find the transcripts that are not in the queue as the settings ask; usually none."""
    wanted, order = read_wanted(work.study), work.study.settings.queue_order
    with work.study.database.read() as connection:
        versions = list_versions(connection)
        model = read_in_force(connection)
        if model is None or model.settings_hash != wanted.settings_hash:
            return [version.id for version in versions]
        queued = done_inputs(connection, QUEUE)
        hashes = segmentation_hashes(connection)
        coders = reviewing_coders(connection)
    return [
        version.id
        for version in versions
        if (
            version.interview,
            queue_input(hashes.get(version.segmentation_id), model, coders, order),
        )
        not in queued
    ]


def find_unproposed(work: Work) -> list[int]:
    """Find the embedded transcripts that the current model has not scored, or not queued."""
    wanted, order = read_wanted(work.study), work.study.settings.queue_order
    with work.study.database.read() as connection:
        versions = list_versions(connection)
        model = read_in_force(connection)
        assert model is not None, "fit_codes runs first"
        hashes = segmentation_hashes(connection)
        coders = reviewing_coders(connection)
        embedded, queued = done_inputs(connection, EMBED), done_inputs(connection, QUEUE)
    found = []
    for version in versions:
        cut = hashes.get(version.segmentation_id)
        is_embedded = (version.interview, embed_input(cut, wanted.encoder)) in embedded
        is_queued = (version.interview, queue_input(cut, model, coders, order)) in queued
        if is_embedded and not is_queued:
            found.append(version.id)
    return found


def _differing(settings: Settings) -> list[str]:
    # Only what differs from its default: what was proposed before there was the setting stands.
    asked = () if settings.proposer in OURS else ("endpoint_url", "endpoint_model")
    return [
        f"{name}={getattr(settings, name)}"
        for name in ("proposer", "generosity", *asked)
        if getattr(settings, name) != Settings.model_fields[name].default
    ]


def segment_input(transcript: Transcript, settings: Settings, encoder: EncoderIdentity) -> str:
    """Name what the segments of a transcript depend on; the encoder's window is one of them."""
    return hash_parts(
        SEGMENT_RULE,
        transcript.number,
        transcript.content_hash,
        transcript.language or settings.language,
        settings.unit,
        settings.min_excerpt_words,
        settings.target_excerpt_words,
        settings.max_excerpt_words,
        settings.sentence_pipeline,
        encoder.name,
        encoder.revision,
    )


def embed_input(segmentation_hash: str | None, encoder: EncoderIdentity) -> str:
    """Name what the vectors of a cut depend on."""
    return hash_parts(segmentation_hash, encoder.name, encoder.revision)


def propose_input(segmentation_hash: str | None, model: ModelVersion) -> str:
    """Name what the suggestions for a cut depend on."""
    return hash_parts(segmentation_hash, model.sha256)


def queue_input(
    segmentation_hash: str | None, model: ModelVersion, coders: list[str], order: str
) -> str:
    """Name what the queue items of a cut depend on."""
    return hash_parts(segmentation_hash, model.sha256, model.n_activations, order, *coders)
