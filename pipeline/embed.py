"""Embeds the excerpts of a transcript: one vector per distinct text and encoder."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from threading import Lock

from models.encoder import Encoder, load_encoder
from pipeline.plan import EMBED, embed_input, read_wanted
from pipeline.work import Work
from study.cuts import read_cut_hash
from study.ledger import is_done, record_done
from study.transcripts import read_excerpts, read_transcript
from study.vectors import missing_texts, store_encoder, store_vectors

# Each chunk is encoded and committed by itself. A run that was killed goes on with the same
# chunks, so that the same texts share a batch and the vectors come out bit-equal.
MOST_ROWS = 2_000
_LOADING = Lock()


def embed_excerpts(work: Work, transcript_id: int) -> int:
    """Embed what has no vector yet; give the number of texts encoded."""
    study = work.study
    wanted = read_wanted(study)
    with study.database.read() as connection:
        transcript = read_transcript(connection, transcript_id)
        cut = read_cut_hash(connection, transcript.segmentation_id)
        input_hash = embed_input(cut, wanted.encoder)
        if is_done(connection, EMBED, transcript.interview, input_hash):
            return 0
        texts = [excerpt.text for excerpt in read_excerpts(connection, transcript)]
    n_encoded = embed_texts(work, texts)
    with study.database.write() as connection:
        if is_done(connection, EMBED, transcript.interview, input_hash):
            # By a worker that was taken for dead.
            return 0
        record_done(
            connection,
            EMBED,
            transcript.interview,
            input_hash,
            run_id=work.run_id,
            n_rows=n_encoded,
            now=work.clock(),
        )
    return n_encoded


def embed_texts(work: Work, texts: Sequence[str]) -> int:
    """Encode and store the texts that have no vector yet; give how many there were."""
    identity = read_wanted(work.study).encoder
    with work.study.database.write() as connection:
        encoder_id = store_encoder(connection, identity.name, identity.revision)
    with work.study.database.read() as connection:
        missing = missing_texts(connection, encoder_id, texts)
    left = iter(missing.items())
    while chunk := dict(islice(left, MOST_ROWS)):
        # Encoded outside the transaction: nobody's decision waits for a model.
        vectors = the_encoder(work.study.settings.encoder).encode(list(chunk.values()))
        with work.study.database.write() as connection:
            still = missing_texts(connection, encoder_id, chunk.values())
            keep = [place for place, key in enumerate(chunk) if key in still]
            store_vectors(connection, encoder_id, list(still), vectors[keep])
    return len(missing)


def the_encoder(name: str) -> Encoder:
    """Load an encoder once in this process, however many threads ask for it."""
    with _LOADING:
        return _load(name)


@lru_cache(maxsize=2)
def _load(name: str) -> Encoder:
    return load_encoder(name)
