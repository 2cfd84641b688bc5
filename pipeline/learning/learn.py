"""Learns from all that coders decided, and puts in force what came of it where it is better."""

from dataclasses import dataclass

import numpy as np

from models.judging import FEWEST_TOLD, list_told
from models.similarity import score_similarity
from models.vectors import FloatArray
from pipeline.describing import Described, describe_codes, list_embedded
from pipeline.learning.calibrating import calibrate_proposer
from pipeline.learning.candidate import Candidate
from pipeline.learning.figures import describe_difference, describe_training
from pipeline.learning.material import LearningMaterial, read_material
from pipeline.learning.promotion import SEED
from pipeline.learning.train_classifier import train_classifier
from pipeline.plan import OURS, SIMILARITY, Wanted, read_wanted
from pipeline.proposers.similarity import unpack_model
from pipeline.work import Work
from study.model_files import save_model
from study.model_versions import N_DECISIONS, TRAINED_ON
from study.records import ModelVersion
from study.registry import count_decisions, promote_model, read_in_force, store_candidate
from study.transcripts import list_transcripts
from study.vectors import store_encoder

# One coded interview can be judged by no other.
FEWEST_GROUPS = 2
# The kernel of more would not fit into the memory of a laptop: whole interviews are drawn.
MOST_EXCERPTS = 20_000
PROMOTED, KEPT_BACK = "promoted", "kept back"
PROMOTER = "learn_from_decisions"
NOTHING_READ = "no interview has been read with this encoder yet: run 'themeloop suggest' first"
THE_SAME = "it came out the same as what is in force"
BY_DESCRIPTION = "'proposer' in study.toml says that codes are proposed by description only"


@dataclass(frozen=True)
class Learnt:
    """What learning came to, in counts: safe to log but for the reason, which names codes.

    model_id: None where there was too little to learn from; reason says so.
    """

    model_id: int | None
    is_promoted: bool
    n_judged: int
    n_groups: int
    reason: str


@dataclass(frozen=True)
class _Setting:
    """What a candidate is made and stored under."""

    wanted: Wanted
    encoder_id: int
    rival: ModelVersion | None
    n_decisions: int


def learn_from_labels(work: Work) -> Learnt:
    """Make a candidate of all that was decided, judge it, and promote it where it is better."""
    study, wanted = work.study, read_wanted(work.study)
    if study.settings.proposer == SIMILARITY:
        return _learn_nothing(BY_DESCRIPTION)
    with study.database.write() as connection:
        encoder_id = store_encoder(connection, wanted.encoder.name, wanted.encoder.revision)
        rival, n_decisions = read_in_force(connection), count_decisions(connection)
    if rival is not None and rival.encoder_id != encoder_id:
        # It cannot be asked with these vectors; the next run would propose by similarity.
        rival = None
    everything = read_material(study, encoder_id)
    if not len(everything.passages):
        return _learn_nothing(NOTHING_READ)
    material = choose_interviews(everything)
    if too_little := find_too_little(material):
        return _learn_nothing(too_little)
    described = describe_codes(work, wanted, list_embedded(work, wanted))
    similarity = describe_excerpts(work, described, material)
    make = train_classifier if study.settings.proposer in OURS else calibrate_proposer
    candidate = make(work, wanted, material, described, similarity=similarity, rival=rival)
    if isinstance(candidate, str):
        return _learn_nothing(candidate)
    setting = _Setting(wanted, encoder_id, rival, n_decisions)
    return _keep(work, setting, material, described, candidate)


def choose_interviews(material: LearningMaterial) -> LearningMaterial:
    """Keep the interviews in which anything was said; of too many, a draw of whole ones."""
    said = material.labels.is_known.any(axis=1)
    coded = np.unique(material.interview_ids[said])
    order = np.random.default_rng(SEED).permutation(coded)
    sizes = np.array([int((material.interview_ids == each).sum()) for each in order], dtype=int)
    kept = order[np.cumsum(sizes) <= MOST_EXCERPTS]
    return material.take(np.flatnonzero(np.isin(material.interview_ids, kept)))


def find_too_little(material: LearningMaterial) -> str:
    """Say why nothing can be learnt; empty where something can."""
    labels = material.labels
    if not material.n_unassisted:
        return (
            "nothing was coded without suggestions in view, so nothing could be judged: code the "
            "excerpts drawn to be coded blind"
        )
    n_groups = len(np.unique(labels.groups[labels.weights > 0]))
    if n_groups < FEWEST_GROUPS:
        return "what can be judged is of one participant: code another interview's blind excerpts"
    if not list_told(labels):
        return f"no code was given to {FEWEST_TOLD} excerpts that can be judged"
    return ""


def describe_excerpts(work: Work, described: Described, material: LearningMaterial) -> FloatArray:
    """Score all excerpts by what the codebook says, each in its interview's language."""
    with work.study.database.read() as connection:
        language = {
            each.interview_id: each.language or work.study.settings.language
            for each in list_transcripts(connection)
        }
    scores = np.zeros(material.labels.targets.shape, dtype=np.float32)
    spoken = np.array([language[int(each)] for each in material.interview_ids])
    for number, name in enumerate(described.languages):
        rows = np.flatnonzero(spoken == name)
        if len(rows):
            model = unpack_model(described.arrays, number)
            scores[rows] = score_similarity(model, material.passages.vectors[rows]).values
    return scores


def _learn_nothing(reason: str) -> Learnt:
    return Learnt(None, False, 0, 0, reason)


def _keep(
    work: Work,
    setting: _Setting,
    material: LearningMaterial,
    described: Described,
    candidate: Candidate,
) -> Learnt:
    sha256 = save_model(work.study.folder / "models", candidate.arrays, candidate.facts)
    is_same = setting.rival is not None and setting.rival.sha256 == sha256
    with work.study.database.write() as connection:
        model_id = store_candidate(
            connection,
            method=candidate.method,
            encoder_id=setting.encoder_id,
            codebook_version_id=setting.wanted.codebook.id,
            run_id=work.run_id,
            sha256=sha256,
            settings_hash=setting.wanted.settings_hash,
            n_excerpts=described.n_excerpts,
            figures=_describe(setting, material, candidate),
            now=work.clock(),
        )
        if candidate.is_better and not is_same:
            reason = candidate.reasons[0]
            promote_model(connection, model_id, actor=PROMOTER, reason=reason, now=work.clock())
    judgement = candidate.judgement
    return Learnt(
        model_id,
        candidate.is_better and not is_same,
        judgement.n_judged,
        judgement.n_groups,
        THE_SAME if is_same else candidate.reasons[0],
    )


def _describe(
    setting: _Setting, material: LearningMaterial, candidate: Candidate
) -> dict[str, object]:
    keys = [code.key for code in setting.wanted.codebook.codebook.codes]
    rival = setting.rival
    return {
        **describe_training(candidate.judgement, candidate.choices, keys),
        TRAINED_ON: candidate.facts[TRAINED_ON],
        "judged_by": material.judged_by,
        "miss_rate_known": material.miss_rate_known,
        "compared": describe_difference(candidate.difference, rival.id if rival else None),
        "decision": PROMOTED if candidate.is_better else KEPT_BACK,
        "reasons": list(candidate.reasons),
        "n_unread": candidate.n_unread,
        N_DECISIONS: setting.n_decisions,
    }
