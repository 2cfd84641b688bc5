"""Proposes codes for an interview's excerpts by the model version in force."""

from dataclasses import replace

import numpy as np

from models.agreement import BoolArray
from models.contrasts import Offer, choose_with_choices
from models.passages import Passages
from pipeline.choices import make_suggestions
from pipeline.learning.examples import list_examples
from pipeline.learning.roles import Spoken, number_by_names
from pipeline.plan import PROPOSE, Wanted, propose_input, read_wanted
from pipeline.proposers.finding import load_proposer, read_role_names
from pipeline.proposers.outside import read_known_scores
from pipeline.proposers.protocol import Answer, Floats, Question
from pipeline.work import Work
from study.cuts import read_cut_hash
from study.ledger import is_done, record_done
from study.linked import find_linked
from study.records import Excerpt, ModelVersion, NewSuggestion, Transcript
from study.registry import read_in_force
from study.suggestions import read_scores, store_scores, store_suggestions
from study.transcripts import read_excerpts, read_transcript, read_turns
from study.vectors import read_vectors

# A pole so many times likelier than its opposite is no toss-up.
MUCH_LIKELIER = 3.0


def propose_codes(work: Work, transcript_id: int) -> int:
    """Score a transcript's excerpts and store suggestions; give their number."""
    study, wanted = work.study, read_wanted(work.study)
    with study.database.read() as connection:
        model = read_in_force(connection)
        assert model is not None, "fit_codes runs first"
        transcript = read_transcript(connection, transcript_id)
        cut = read_cut_hash(connection, transcript.segmentation_id)
        input_hash = propose_input(cut, model)
        if is_done(connection, PROPOSE, transcript.interview, input_hash):
            return 0
        excerpts = read_excerpts(connection, transcript)
    question = ask(work, wanted, model, transcript, excerpts)
    answer = load_proposer(study, model).propose(question)
    suggestions = suggest(work, wanted, excerpts, answer)
    with study.database.write() as connection:
        if is_done(connection, PROPOSE, transcript.interview, input_hash):
            # By a worker that was taken for dead.
            return 0
        # Where a redaction touched no excerpt the same model may have scored this cut before.
        if read_scores(connection, transcript.segmentation_id or 0, model.id) is None:
            store_scores(
                connection,
                answer.scores.astype(np.float32),
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


def ask(
    work: Work,
    wanted: Wanted,
    model: ModelVersion,
    transcript: Transcript,
    excerpts: list[Excerpt],
) -> Question:
    """Put an interview together as a proposer is asked about it."""
    study = work.study
    with study.database.read() as connection:
        hashes = [excerpt.text_hash for excerpt in excerpts]
        vectors = read_vectors(connection, model.encoder_id, hashes)
        turns = read_turns(connection, transcript.id)
        linked = find_linked(connection, transcript.interview_id)
    names = read_role_names(study, model)
    return Question(
        passages=Passages(
            texts=tuple(excerpt.text for excerpt in excerpts),
            vectors=vectors,
            interviews=np.full(len(excerpts), transcript.interview_id, dtype=np.int64),
            roles=number_by_names(Spoken(turns, excerpts), names),
        ),
        language=transcript.language or study.settings.language,
        codebook=wanted.codebook.codebook,
        linked=linked,
        excerpt_ids=tuple(excerpt.id for excerpt in excerpts),
        list_examples=lambda: list_examples(study, without=linked),
        known_scores=lambda: read_known_scores(study, model, transcript.segmentation_id or 0),
    )


def suggest(
    work: Work, wanted: Wanted, excerpts: list[Excerpt], answer: Answer
) -> list[NewSuggestion]:
    """Make suggestions of what is proposed: the strongest, opposites as one choice of two."""
    codes = list(wanted.codebook.code_ids)
    columns = {row: n for n, row in enumerate(wanted.codebook.code_ids.values())}
    offers = offer_codes(answer, at_most=work.study.settings.n_suggestions)
    rows = {excerpt.id: n for n, excerpt in enumerate(excerpts)}
    made = make_suggestions(
        offers,
        excerpt_ids=[excerpt.id for excerpt in excerpts],
        code_ids=list(wanted.codebook.code_ids.values()),
        guids=codes,
        values=answer.values,
        evidence_of=answer.explain,
    )
    return [
        replace(
            each,
            method=answer.methods[columns[each.code_id]],
            probability=float(answer.values[rows[each.excerpt_id], columns[each.code_id]])
            if answer.is_probability
            else None,
        )
        for each in made
    ]


def offer_codes(answer: Answer, *, at_most: int) -> list[list[Offer]]:
    """Choose what is offered for each excerpt, strongest first; nothing is an answer."""
    order = np.argsort(-answer.values, axis=1, kind="stable")
    chosen = [
        [int(code) for code in codes if proposed[code]]
        for codes, proposed in zip(order, answer.proposes, strict=True)
    ]
    offers = choose_with_choices(answer.values, chosen, answer.inseparable, at_most=at_most)
    if not answer.is_probability:
        return offers
    return [
        [_drop_unlikely(offer, values, proposed) for offer in each]
        for each, values, proposed in zip(offers, answer.values, answer.proposes, strict=True)
    ]


def _drop_unlikely(offer: Offer, values: Floats, proposed: BoolArray) -> Offer:
    """Offer the likelier pole alone where the other is neither proposed nor nearly as likely."""
    if len(offer.codes) == 1 or proposed[offer.codes[1]]:
        return offer
    first, second = offer.codes
    return offer if MUCH_LIKELIER * values[second] >= values[first] else Offer((first,))
