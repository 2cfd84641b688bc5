import json
from dataclasses import fields, replace

import numpy as np
import pytest

from models.features import Features
from models.packing import pack_classifier, unpack_classifier
from models.stored import choose_thresholds_again, propose
from tests.models.talk import fitted_talk, fitted_without_last, make_talk


def read_back(stored, folder):
    """Write a classifier to a file and read it, as a study does."""
    arrays, facts = pack_classifier(stored)
    np.savez(folder / "model.npz", allow_pickle=False, **arrays)
    written = json.dumps(facts, allow_nan=False)
    with np.load(folder / "model.npz", allow_pickle=False) as read:
        return unpack_classifier(dict(read), json.loads(written))


def test_a_classifier_read_back_proposes_the_same(tmp_path):
    stored = fitted_without_last().stored
    talk = make_talk().take(make_talk().rows_of(6))

    again = read_back(stored, tmp_path)

    ours, theirs = (
        propose(each, talk.passages, talk.similarity, group=46).chances for each in (stored, again)
    )
    assert theirs == pytest.approx(ours, abs=1e-5)


def test_a_classifier_read_back_chooses_the_same(tmp_path):
    stored = fitted_talk().stored

    again = read_back(stored, tmp_path)

    assert again.choices == stored.choices
    assert again.calibration == stored.calibration
    assert (again.excerpt_ids == stored.excerpt_ids).all()
    assert (again.word_weights == stored.word_weights).all()
    for name in ("targets", "is_known", "weights", "groups"):
        assert (getattr(again.labels, name) == getattr(stored.labels, name)).all()


def test_features_are_put_together_again_from_what_is_kept(tmp_path):
    stored = fitted_talk().stored

    again = read_back(stored, tmp_path).features

    for field in fields(Features):
        ours, theirs = getattr(stored.features, field.name), getattr(again, field.name)
        assert abs(ours - theirs).max() < 1e-6, field.name


def test_what_was_not_held_out_is_still_unknown(tmp_path):
    stored = fitted_without_last().stored

    again = read_back(stored, tmp_path)

    assert (np.isnan(again.held_out) == np.isnan(stored.held_out)).all()


def test_a_threshold_that_is_never_reached_is_written_as_none(tmp_path):
    stored = fitted_talk().stored
    never = choose_thresholds_again(
        replace(stored, held_out=np.full_like(stored.held_out, np.nan)), generosity=1.0
    )

    _, facts = pack_classifier(never)

    assert facts["shared_threshold"] is None
    assert [choice["threshold"] for choice in facts["choices"]] == [None] * 6
    assert read_back(never, tmp_path).choices == never.choices


def test_no_array_is_an_object():
    arrays, _ = pack_classifier(fitted_talk().stored)

    assert {array.dtype.kind for array in arrays.values()} <= set("fibU")
