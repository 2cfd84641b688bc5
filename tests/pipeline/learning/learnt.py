"""Reads made studies as learning material, and looks labels up in it; all words are synthetic."""

from dataclasses import dataclass

import numpy as np

from pipeline.learning.material import LearningMaterial, read_material
from study.transcripts import list_transcripts, read_excerpts
from study.vectors import missing_texts, store_encoder, store_vectors
from tests.pipeline.evaluation.made_study import MadeStudy


@dataclass(frozen=True)
class Learnt:
    """Material whose labels are found by interview, place and key."""

    material: LearningMaterial
    rows: dict
    columns: dict

    def target(self, label, place, key):
        """Give a target, rounded; None where nothing is known."""
        at = self.rows[label, place], self.columns[key]
        if not self.material.labels.is_known[at]:
            return None
        return round(float(self.material.labels.targets[at]), 4)

    def targets(self, label, place):
        """Give the targets of all codes by key."""
        return {key: self.target(label, place, key) for key in self.columns}

    def weight(self, label, place):
        return float(self.material.labels.weights[self.rows[label, place]])


def embed(made: MadeStudy):
    """Store a vector for every excerpt; give the encoder."""
    with made.study.database.write() as connection:
        encoder_id = store_encoder(connection, "synthetic-encoder", "1")
        texts = [
            excerpt.text
            for transcript in list_transcripts(connection)
            for excerpt in read_excerpts(connection, transcript)
        ]
        missing = missing_texts(connection, encoder_id, texts)
        made_up = np.random.default_rng(0).normal(size=(len(missing), 4)).astype(np.float32)
        store_vectors(connection, encoder_id, list(missing), made_up)
    return encoder_id


def learn(made: MadeStudy):
    """Read what may be learnt from a study, after every excerpt was embedded."""
    material = read_material(made.study, embed(made))
    with made.study.database.read() as connection:
        labels = {each.interview_id: each.interview for each in list_transcripts(connection)}
    rows, places = {}, {}
    for row, interview_id in enumerate(material.interview_ids.tolist()):
        place = places[interview_id] = places.get(interview_id, -1) + 1
        rows[labels[interview_id], place] = row
    keys = [code.key for code in made.book.codes]
    return Learnt(material, rows, dict(zip(keys, range(len(keys)), strict=True)))
