"""Queues every excerpt of a transcript for the coders, and draws those to be coded blind."""

from pipeline.plan import SIMILARITY, queue_input, read_wanted
from pipeline.work import Work
from study.draws import store_draw
from study.ledger import QUEUE, is_done, record_done
from study.review_queue import queue_excerpts, reviewing_coders
from study.suggestions import current_model
from study.transcripts import read_excerpts, read_transcript, segmentation_hashes


def queue_for_review(work: Work, transcript_id: int) -> int:
    """Queue a transcript's excerpts in transcript order; give the number of items changed."""
    wanted = read_wanted(work.study)
    with work.study.database.write() as connection:
        model = current_model(connection, SIMILARITY, wanted.settings_hash)
        assert model is not None, "fit_codes runs first"
        transcript = read_transcript(connection, transcript_id)
        cut = segmentation_hashes(connection)[transcript.segmentation_id]
        input_hash = queue_input(cut, model, reviewing_coders(connection))
        if is_done(connection, QUEUE, transcript.interview, input_hash):
            return 0
        excerpts = read_excerpts(connection, transcript)
        store_draw(
            connection,
            transcript,
            excerpts,
            cut=cut,
            rate=work.study.settings.blind_rate,
            run_length=work.study.settings.blind_run_excerpts,
            keyed_hash=work.study.keyed_hash,
            now=work.clock(),
        )
        n_items = queue_excerpts(connection, transcript, excerpts, model.id)
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
