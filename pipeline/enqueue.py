"""Queues every excerpt of a transcript for the coders, and draws those to be coded blind."""

from pipeline.ordering import order_excerpts
from pipeline.plan import queue_input, read_wanted
from pipeline.work import Work
from study.cuts import read_cut_hash
from study.draws import store_draw
from study.ledger import QUEUE, is_done, record_done
from study.registry import read_in_force
from study.review_queue import queue_excerpts, reviewing_coders
from study.suggestions import read_suggestions
from study.transcripts import read_excerpts, read_transcript


def queue_for_review(work: Work, transcript_id: int) -> int:
    """Queue a transcript's excerpts in the order of the settings; give the number of items changed.

    Another order of what was queued before changes places only: nothing that was done is touched.
    """
    wanted, settings = read_wanted(work.study), work.study.settings
    with work.study.database.write() as connection:
        model = read_in_force(connection)
        assert model is not None, "fit_codes runs first"
        transcript = read_transcript(connection, transcript_id)
        cut = read_cut_hash(connection, transcript.segmentation_id)
        coders = reviewing_coders(connection)
        input_hash = queue_input(cut, model, coders, settings.queue_order)
        if is_done(connection, QUEUE, transcript.interview, input_hash):
            return 0
        excerpts = read_excerpts(connection, transcript)
        store_draw(
            connection,
            transcript,
            excerpts,
            cut=cut,
            rate=settings.blind_rate,
            run_length=settings.blind_run_excerpts,
            keyed_hash=work.study.keyed_hash,
            now=work.clock(),
        )
        priorities = order_excerpts(
            settings.queue_order,
            excerpts,
            read_suggestions(
                connection, model_id=model.id, segmentation_id=transcript.segmentation_id
            ),
            guids=list(wanted.codebook.code_ids),
            min_score=settings.min_score,
        )
        n_items = queue_excerpts(connection, transcript, excerpts, model.id, priorities)
        record_done(
            connection,
            QUEUE,
            transcript.interview,
            input_hash,
            run_id=work.run_id,
            n_rows=n_items,
            now=work.clock(),
        )
    return n_items
