"""Makes coded studies on disk, with draws, models and presses of keys; all words are synthetic."""

from dataclasses import dataclass, field
from itertools import count

import numpy as np
import sqlalchemy as sa

from study import tables as t
from study.added import AddedParticipant, ensure_participant
from study.codebooks import current_codebook, insert_row, store_codebook
from study.coded_file import take_in
from study.cuts import publish_segmentation
from study.cuts import store_segmentation as store_cut
from study.decisions import Action, Verdict, record_action
from study.folder import Study
from study.ledger import start_run
from study.model_versions import TRAINED_ON
from study.records import CodedInterview, GivenCoding, GivenExcerpt, NewSuggestion
from study.review_queue import ensure_coder, find_coder, queue_excerpts
from study.suggestions import current_model, store_model, store_scores, store_suggestions
from study.transcripts import list_transcripts, read_excerpts
from study.vectors import store_encoder
from tests.pipeline.evaluation.hand_made import CODEBOOK, NOW, book_of

PAGE_CODER = "coder"


@dataclass
class MadeStudy:
    """A study that tests fill step by step; places count an interview's excerpts from 0."""

    study: Study
    book: object = CODEBOOK
    drawn: dict = field(default_factory=dict)
    numbers: object = field(default_factory=count)

    def use_codebook(self, *keys):
        self.book = book_of(*keys)
        with self.study.database.write() as connection:
            store_codebook(connection, self.book, now=NOW)

    def add(
        self, label, files=None, *, texts=8, participant=None, is_segmenting=False, assisted=()
    ):
        """Take an interview in.

        Args:
            texts: Its excerpts, or how many.
            files: By coder, what they gave by place: "trust change", "" for none, None for not
                coded.
            assisted: Of these the coders whose file says that they saw suggestions.
        """
        words = (
            [f"synthetic words {n} ." for n in range(texts)] if isinstance(texts, int) else texts
        )
        excerpts = tuple(
            GivenExcerpt(f"{label}_e{n}", n, "participant", text) for n, text in enumerate(words)
        )
        codings = tuple(
            GivenCoding(f"{label}_e{n}", coder, tuple(keys.split()), n, coder in assisted)
            for coder, given in (files or {}).items()
            for n, keys in enumerate(given)
            if keys is not None
        )
        made = CodedInterview(label, "synthetic", "en", participant, excerpts, codings)
        take_in(self.study, [made], self.book, is_segmenting=is_segmenting, now=NOW)

    def describe(self, participant, *, family=None, **attributes):
        with self.study.database.write() as connection:
            ensure_participant(connection, AddedParticipant(participant, family, attributes))

    def let_speak(self, label, participant):
        """Let one more participant speak in an interview."""
        with self.study.database.write() as connection:
            row = ensure_participant(connection, AddedParticipant(participant, None, {}))
            insert_row(
                connection,
                t.speaker,
                interview_id=self._transcript(connection, label).interview_id,
                label=f"also {participant}",
                participant_id=row,
            )

    def draw(self, label, *places, rate=0.25):
        """Draw excerpts to be coded blind, as if by hash."""
        self.drawn[label] = places
        with self.study.database.write() as connection:
            for place, excerpt in enumerate(self._excerpts(connection, label)):
                insert_row(
                    connection,
                    t.blind_draw,
                    excerpt_id=excerpt.id,
                    rate=rate,
                    is_drawn=place in places,
                    drawn_at=NOW,
                )

    def suggest(self, suggested=None, *, trained_on=(), scored=None, method="similarity"):
        """Store a model version, what it suggests by interview and place, and queue everything.

        Args:
            scored: The interviews that it scored; all unless told.
            trained_on: The interviews whose codings it has learnt from.
        """
        with self.study.database.write() as connection:
            run_id = start_run(connection, "suggest", {}, flow_run_id=None, now=NOW)
            version = current_codebook(connection)
            model_id = store_model(
                connection,
                method=method,
                encoder_id=store_encoder(connection, "synthetic-encoder", "1"),
                codebook_version_id=version.id,
                run_id=run_id,
                sha256=f"{next(self.numbers):064d}",
                settings_hash="s",
                n_excerpts=1,
                now=NOW,
            )
            learnt = [self._transcript(connection, each).interview_id for each in trained_on]
            self._update(connection, t.model_version, model_id, figures={TRAINED_ON: learnt})
            model = current_model(connection, method)
            for transcript in list_transcripts(connection):
                if transcript.segmentation_id is None or (
                    scored is not None and transcript.interview not in scored
                ):
                    continue
                excerpts = read_excerpts(connection, transcript)
                marked = (suggested or {}).get(transcript.interview, {})
                rows = [
                    NewSuggestion(excerpts[place].id, version.code_ids[guid], 1.5, rank, {})
                    for place, keys in marked.items()
                    for rank, guid in enumerate(map(self._guid, keys.split()), start=1)
                ]
                store_suggestions(connection, rows, run_id=run_id, model=model)
                store_scores(
                    connection,
                    np.zeros((len(excerpts), len(version.code_ids)), dtype=np.float32),
                    segmentation_id=transcript.segmentation_id,
                    run_id=run_id,
                    model=model,
                )
                queue_excerpts(connection, transcript, excerpts, model_id)
        return model_id

    def let_review(self, coder):
        with self.study.database.write() as connection:
            ensure_coder(connection, coder, now=NOW)

    def decide(self, label, place, *verdicts, coder=PAGE_CODER, is_assisted=None, undoes=None):
        """Press a key on an excerpt; blind in drawn ones unless told, assisted in others.

        Args:
            verdicts: "done", or with a code "add trust".

        Returns:
            The action, to be undone.
        """
        if is_assisted is None:
            is_assisted = place not in self.drawn.get(label, ())
        action = f"action {next(self.numbers)}"
        with self.study.database.write() as connection:
            code_ids = current_codebook(connection).code_ids
            said = [each.split() for each in verdicts]
            made = Action(
                action,
                find_coder(connection, coder),
                self._excerpts(connection, label)[place].id,
                tuple(
                    Verdict(word, code_ids[self._guid(key[0])] if key else None)
                    for word, *key in said
                ),
                undoes,
                is_assisted,
            )
            record_action(connection, made, now=NOW)
        return action

    def code(self, label, place, keys="", **how):
        """Give an excerpt these codes and finish it."""
        return self.decide(label, place, *(f"add {key}" for key in keys.split()), "done", **how)

    def undo(self, label, place, action, **how):
        return self.decide(label, place, "undo", undoes=action, **how)

    def code_in_round(self, name, label, place, keys="", *, coder=PAGE_CODER):
        """Finish an excerpt blind in a round of coding; no key press says its round yet."""
        with self.study.database.write() as connection:
            rounds = t.coding_round
            row = connection.scalar(sa.select(rounds.c.id).where(rounds.c.name == name))
            if row is None:
                row = insert_row(connection, rounds, name=name, kind="pilot", started_at=NOW)
            version = current_codebook(connection)
            said = [("add", version.code_ids[self._guid(key)]) for key in keys.split()]
            action = f"action {next(self.numbers)}"
            for part, (verdict, code_id) in enumerate([*said, ("done", None)]):
                insert_row(
                    connection,
                    t.decision,
                    action=action,
                    part=part,
                    coder_id=find_coder(connection, coder),
                    excerpt_id=self._excerpts(connection, label)[place].id,
                    verdict=verdict,
                    code_id=code_id,
                    round_id=row,
                    codebook_version_id=version.id,
                    origin="page",
                    is_assisted=False,
                    made_at=NOW,
                )

    def cut(self, label, *spans):
        """Cut an interview, as the study itself does; the latest cut is the one worked with."""
        with self.study.database.write() as connection:
            transcript = self._transcript(connection, label)
            numbers = range(len(spans))
            labels = [f"{label}_s{n}" for n in numbers]
            store_cut(
                connection,
                transcript.id,
                method="sentences",
                labels=labels,
                positions=numbers,
                spans=spans,
                now=NOW,
            )
            publish_segmentation(connection, transcript.id, "sentences")

    def set_state(self, model_id, state):
        with self.study.database.write() as connection:
            self._update(connection, t.model_version, model_id, state=state)

    def row_of(self, label):
        """Give the row of an interview."""
        with self.study.database.read() as connection:
            return self._transcript(connection, label).interview_id

    def _update(self, connection, table, row, **values):
        connection.execute(sa.update(table).where(table.c.id == row).values(values))

    def _transcript(self, connection, label):
        return next(each for each in list_transcripts(connection) if each.interview == label)

    def _excerpts(self, connection, label):
        return read_excerpts(connection, self._transcript(connection, label))

    def _guid(self, key):
        return self.book.by_key[key].guid
