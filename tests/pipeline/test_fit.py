"""Facts about when what proposes is fitted anew; every word here is synthetic."""

import numpy as np

from pipeline.describing import describe_codes, list_embedded
from pipeline.fit import fit_codes, make_facts
from pipeline.plan import read_wanted
from pipeline.work import Work
from study.ledger import done_inputs
from study.model_files import delete_model, load_model
from study.registry import list_registered
from study.transcripts import list_transcripts
from study.vectors import read_vectors_of_cuts
from tests.pipeline.learning.taught import (
    CODES,
    N_EXCERPTS,
    add,
    figures_of,
    in_force,
    make_interview,
    parts_of,
    suggest,
    use_codebook,
    with_settings,
)

ADDED = "{key: added, name: Added, definition: the dog barked}"


def test_fitting_again_does_nothing(untrained, encoder):
    before = in_force(untrained)

    assert fit_codes(Work(untrained)) == 0
    assert in_force(untrained) == before
    assert encoder.calls == []


def test_what_was_learnt_is_not_fitted_again_either(trained):
    before = in_force(trained)

    assert fit_codes(Work(trained)) == 0
    assert in_force(trained) == before


def test_version_says_what_it_was_made_of(untrained):
    wanted = read_wanted(untrained)

    _, facts = parts_of(untrained)

    assert facts == make_facts(
        wanted, describe_codes(Work(untrained), wanted, list_embedded(Work(untrained), wanted))
    )
    assert facts["encoder"]["name"] == "multilingual-e5-small"
    assert (facts["languages"], facts["n_excerpts"]) == (["en"], 8 * N_EXCERPTS)
    assert facts["codebook"] == wanted.codebook.codebook.content_hash


def test_changed_codebook_is_fitted_in_each_language_spoken(untrained):
    add(untrained, make_interview(9, language="nl", is_coded=False))
    use_codebook(untrained, *CODES, ADDED)

    suggest(untrained)

    arrays, facts = parts_of(untrained)
    assert facts["languages"] == ["en", "nl"]
    assert {len(arrays[f"prototypes-{number}"]) for number in (0, 1)} == {len(CODES) + 1}


def test_changed_code_is_learnt_anew_and_no_other_scores_otherwise_for_it(untrained, monkeypatch):
    before, _ = parts_of(untrained)
    first, *others = CODES
    use_codebook(untrained, *others, first.replace("definition: ", "definition: the cat sat and "))

    suggest(untrained)

    now, _ = parts_of(untrained)
    # What was first comes last, and is another now.
    for name in ("prototypes-0", "mean-0", "spread-0"):
        assert np.array_equal(now[name][:-1], before[name][1:])
        assert not np.array_equal(now[name][-1], before[name][0])
    assert np.array_equal(now["centre-0"], before["centre-0"])


def test_other_setting_leaves_what_is_usual_and_reads_no_vector(untrained, monkeypatch):
    before, _ = parts_of(untrained)
    study = with_settings(untrained, min_score=2.0)
    read = []
    monkeypatch.setattr(
        "pipeline.describing.read_vectors_of_cuts", lambda *asked: read.append(asked)
    )

    suggest(study)

    now, facts = parts_of(study)
    assert read == []
    assert all(np.array_equal(now[name], before[name]) for name in before)
    assert facts["n_excerpts"] == 8 * N_EXCERPTS


def test_study_that_grew_by_half_is_learnt_from_anew(untrained):
    before, _ = parts_of(untrained)
    for number in range(9, 13):
        add(untrained, make_interview(number, is_coded=False))

    suggest(untrained)

    now, facts = parts_of(untrained)
    assert facts["n_excerpts"] == 12 * N_EXCERPTS
    assert not np.array_equal(now["centre-0"], before["centre-0"])


def test_vectors_are_read_a_part_at_a_time_and_taught_the_same(untrained, monkeypatch):
    work, wanted = Work(untrained), read_wanted(untrained)
    at_once = describe_codes(work, wanted, list_embedded(work, wanted))
    monkeypatch.setattr("pipeline.describing.EXCERPTS_AT_ONCE", N_EXCERPTS + 1)
    sizes = []
    read = read_vectors_of_cuts

    def read_and_note(*asked):
        found = read(*asked)
        sizes.append(len(found))
        return found

    monkeypatch.setattr("pipeline.describing.read_vectors_of_cuts", read_and_note)
    in_parts = describe_codes(work, wanted, list_embedded(work, wanted))

    assert sizes == [2 * N_EXCERPTS] * 8
    for name, array in at_once.arrays.items():
        assert np.allclose(in_parts.arrays[name], array, atol=1e-6)


def test_version_whose_files_are_gone_is_made_again(untrained):
    model = in_force(untrained)
    delete_model(untrained.folder / "models", model.sha256)

    assert fit_codes(Work(untrained)) == 8 * N_EXCERPTS
    assert in_force(untrained).sha256 == model.sha256
    assert load_model(untrained.folder / "models", model.sha256)


def test_version_that_is_renewed_carries_its_figures_and_is_another_row(trained):
    before = in_force(trained)
    study = with_settings(trained, min_score=2.0)

    suggest(study)

    now = in_force(study)
    assert (now.method, now.codebook_version_id) == ("classifier", before.codebook_version_id)
    assert now.settings_hash != before.settings_hash
    assert figures_of(study, now.id) == figures_of(study, before.id)
    with study.database.read() as connection:
        assert [each.model.state for each in list_registered(connection)] == [
            "retired",
            "retired",
            "current",
        ]


def test_each_version_is_noted_once_as_done(trained):
    study = with_settings(trained, min_score=2.0)
    suggest(study)
    suggest(trained)
    suggest(study)

    with study.database.read() as connection:
        # By description, as renewed, and renewed back; what was trained was not fitted.
        assert len(done_inputs(connection, "fit")) == 3
        assert len(list_transcripts(connection)) == 8


def test_interviews_that_are_not_embedded_yet_are_not_described(untrained):
    add(untrained, make_interview(9, language="nl", is_coded=False))

    work, wanted = Work(untrained), read_wanted(untrained)
    described = describe_codes(work, wanted, list_embedded(work, wanted))

    assert (described.languages, described.n_excerpts) == (["en"], 8 * N_EXCERPTS)
    assert all(np.isfinite(array).all() for array in described.arrays.values())
