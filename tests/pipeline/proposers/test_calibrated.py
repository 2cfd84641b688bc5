"""Facts about proposers that are not ours, from scores to the queue; every word is synthetic."""

import numpy as np
import pytest

from codebook.reader import parse_codebook
from pipeline.learning.figures import describe_training
from pipeline.order import suggest_in_order
from pipeline.plan import read_wanted
from pipeline.proposers import finding, outside
from pipeline.proposers.finding import load_proposer
from pipeline.proposers.protocol import Answer
from pipeline.work import Work, call_plainly
from study.codebooks import store_codebook
from study.errors import StudyError
from study.model_files import load_model
from study.review_queue import find_coder, list_items
from study.suggestions import read_current_suggestions, read_scores
from study.transcripts import list_transcripts, read_excerpts
from tests.fakes import NOW, encoder  # noqa: F401 - fixture
from tests.pipeline.evaluation.hand_made import KEYS
from tests.pipeline.proposers.asking import question
from tests.pipeline.proposers.fake_endpoint import write
from tests.pipeline.proposers.scored_study import (
    answer_by_word,
    calibrate,
    in_force,
    promote,
    scored_study,
    suggest,
    with_settings,
)

pytestmark = pytest.mark.usefixtures("encoder")


def suggestions(study):
    with study.database.read() as connection:
        return [placed.suggestion for placed in read_current_suggestions(connection)]


def blocks(study, model):
    with study.database.read() as connection:
        cuts = [each.segmentation_id for each in list_transcripts(connection)]
        return [read_scores(connection, cut, model.id) for cut in cuts]


def facts_of(study, model):
    return load_model(study.folder / "models", model.sha256)[1]


def test_before_anything_was_learnt_scores_are_no_probabilities(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study", n_interviews=1) as (study, server):
        suggest(study)

        made = suggestions(study)
        assert {each.method for each in made} == {"endpoint"}
        assert {each.probability for each in made} == {None}
        assert all(each.score >= 0.5 for each in made)
        assert made[0].evidence == {"kind": "endpoint", "model": "synthetic"}
        assert facts_of(study, in_force(study))["proposer"] == {
            "host": f"127.0.0.1:{server.port}",
            "model": "synthetic",
            "rule": 1,
        }


def test_every_excerpt_is_queued_and_drawn_as_with_any_proposer(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study", n_interviews=1) as (study, _):
        suggest_in_order(call_plainly, Work(study))

        with study.database.read() as connection:
            (transcript,) = list_transcripts(connection)
            items = list_items(connection, find_coder(connection, "coder"), transcript.interview_id)
            excerpts = read_excerpts(connection, transcript)
        assert [item.excerpt_id for item in items] == [each.id for each in excerpts]


def test_second_run_asks_nothing(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study", n_interviews=1) as (study, server):
        suggest(study)
        n_asked = len(server.asked)

        assert suggest(study).state == "nothing new"
        assert len(server.asked) == n_asked == 20


def test_scores_become_probabilities_that_say_how_often_they_are_right(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study") as (study, server):
        suggest(study)
        before = in_force(study)
        n_asked = len(server.asked)

        candidate = calibrate(study)
        promote(study, candidate)
        suggest(study)

        after = in_force(study)
        assert candidate.is_better
        assert candidate.judgement.n_judged == 120
        assert candidate.judgement.map > 0.9
        assert candidate.judgement.ece < 0.15
        assert (after.method, after.id) != (before.method, before.id)
        made = suggestions(study)
        assert made
        assert all(0 < each.probability < 1 for each in made)
        assert len(server.asked) == n_asked
        for raw, again in zip(blocks(study, before), blocks(study, after), strict=True):
            assert np.array_equal(raw, again)


def test_candidate_has_the_same_figures_as_a_trained_one(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study") as (study, _):
        suggest(study)

        candidate = calibrate(study)

        figures = describe_training(candidate.judgement, candidate.choices, KEYS)
        told = {code["key"]: code for code in figures["codes"]}
        assert {code["method"] for code in told.values()} == {"endpoint"}
        assert told["trust"]["why"] == "'endpoint' scores it; decisions said what the scores mean"
        assert told["sharing"]["why"] == "nobody has given it yet where it could be judged"
        assert candidate.facts["trained_on"] == [1, 2, 3, 4, 5, 6]


def test_candidate_is_compared_with_a_version_of_ours_that_is_in_force(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study") as (study, _):
        suggest(study)
        suggest(with_settings(study, proposer="similarity"))

        candidate = calibrate(study)

        assert in_force(study).method == "similarity"
        assert candidate.difference.mean_average_precision > 0


def test_excerpts_without_a_score_are_counted_and_judge_nothing(sqlite, tmp_path):
    def answer(asked):
        text = asked["messages"][1]["content"].split("# EXCERPT\n")[1].splitlines()[0]
        return write("no idea") if " at 3 ." in text else answer_by_word(asked)

    with scored_study(sqlite, tmp_path / "study", answer=answer) as (study, _):
        suggest(study)

        candidate = calibrate(study)

        assert candidate.n_unread == 6
        assert candidate.judgement.n_judged == 114
        promote(study, candidate)
        suggest(study)
        assert all(np.isnan(block[3]).all() for block in blocks(study, in_force(study)))


def test_what_scores_mean_is_carried_to_a_changed_codebook(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study") as (study, server):
        suggest(study)
        promote(study, calibrate(study))
        learnt = facts_of(study, in_force(study))["calibration"]
        book = parse_codebook(
            """
name: Synthetic codebook
codes:
- {key: fresh, name: Fresh, definition: A code that is new.}
- {key: trust, name: Trust, definition: Relying on the worker.}
- {key: change, name: Change, definition: It became different at home.}
"""
        )
        with study.database.write() as connection:
            store_codebook(connection, book, now=NOW)

        suggest(study)

        carried = facts_of(study, in_force(study))
        assert carried["calibration"]["curves"] == [learnt["common"], *learnt["curves"][:2]]
        assert carried["calibration"]["thresholds"][0] == learnt["shared_threshold"]
        assert carried["trained_on"] == [1, 2, 3, 4, 5, 6]
        assert len(server.asked) == 240


def test_nothing_is_taken_over_from_another_model_on_the_same_server(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study", n_interviews=6) as (study, server):
        suggest(study)
        promote(study, calibrate(study))

        suggest(with_settings(study, endpoint_model="another"))

        assert "calibration" not in facts_of(study, in_force(study))
        assert len(server.asked) == 240


def test_nothing_scored_is_too_little_to_learn_from(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study") as (study, _):
        suggest(with_settings(study, proposer="similarity"))

        assert "run 'themeloop suggest' first" in calibrate(study)


@pytest.mark.parametrize(
    ("n_interviews", "line"), [(1, "is of one participant"), (2, "no code was given to 15")]
)
def test_too_little_to_learn_from_is_said(sqlite, tmp_path, n_interviews, line):
    folder = tmp_path / "study"
    with scored_study(sqlite, folder, n_interviews=n_interviews) as (study, _):
        suggest(study)

        assert line in calibrate(study)


def test_endpoint_without_address_stops_the_run_with_one_line(sqlite, tmp_path):
    with (
        scored_study(sqlite, tmp_path / "study", n_interviews=1) as (study, _),
        pytest.raises(StudyError, match="Set 'endpoint_url'"),
    ):
        suggest(with_settings(study, endpoint_url=""))


class ByLength:
    """Another package's proposer: the longer an excerpt, the more it is about the first code."""

    def __init__(self, parts):
        self.parts = parts

    def propose(self, asked):
        length = [min(len(text) / 40, 1) for text in asked.passages.texts]
        values = np.zeros((len(length), len(asked.codebook.codes)))
        values[:, 0] = length
        return Answer(
            values=values,
            proposes=values > 0.5,
            is_probability=False,
            methods=("length",) * values.shape[1],
            explain=lambda row, _code: {"kind": "length", "n_characters": len(str(row))},
        )


class FakeEntryPoint:
    """An entry point of a package that is not there."""

    name = "length"

    def load(self):
        return ByLength


@pytest.fixture
def length(monkeypatch):
    monkeypatch.setattr(
        finding,
        "entry_points",
        lambda *, group, name="length": [FakeEntryPoint()] if name == "length" else [],
    )


def test_proposer_of_another_package_is_found_queued_and_calibrated(sqlite, tmp_path, length):
    with scored_study(sqlite, tmp_path / "study", proposer="length") as (study, server):
        suggest(study)
        before = suggestions(study)

        candidate = calibrate(study)
        promote(study, candidate)
        suggest(study)

        assert server.asked == []
        assert {each.method for each in before} <= {"length"}
        assert in_force(study).method == "length"
        assert facts_of(study, in_force(study))["proposer"] == {}
        assert load_proposer(study, in_force(study)).propose(question()).is_probability


def test_proposer_that_is_not_installed_is_named(sqlite, tmp_path, length):
    with (
        scored_study(sqlite, tmp_path / "study", proposer="nobody", n_interviews=1) as (study, _),
        pytest.raises(StudyError, match=r"no proposer called 'nobody'\. Installed are: length"),
    ):
        suggest(study)


def test_proposer_that_became_another_is_told_from_what_it_was(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study", n_interviews=1) as (study, _):
        suggest(study)
        facts = facts_of(study, in_force(study))

        moved = with_settings(study, endpoint_model="another")

        assert outside.is_same_proposer(study, {}, facts)
        assert not outside.is_same_proposer(moved, {}, facts)
        assert outside.is_same_proposer(study, {}, {"method": "similarity"})


def test_version_whose_files_are_gone_lends_nothing(sqlite, tmp_path):
    with scored_study(sqlite, tmp_path / "study", n_interviews=1) as (study, _):
        suggest(study)
        facts = facts_of(study, in_force(study))
        lineage = outside.name_lineage(in_force(study), facts)
        known = outside.list_versions(study, lineage)
        for path in (study.folder / "models").glob("*/model.json"):
            path.unlink()
        outside._read_identity.cache_clear()

        assert known == [in_force(study).id]
        assert outside.list_versions(study, lineage) == []
        wanted = read_wanted(study)
        made = outside.describe_proposer(study, wanted, {}, facts, before=in_force(study))
        assert "calibration" not in made


@pytest.mark.parametrize(
    ("proposer", "is_asked_anew"),
    [("endpoint", True), ("classifier", False), ("similarity", False)],
)
def test_endpoint_settings_count_only_where_another_proposes(
    sqlite, tmp_path, proposer, is_asked_anew
):
    with scored_study(sqlite, tmp_path / "study", n_interviews=1, proposer=proposer) as (study, _):
        before = read_wanted(study).settings_hash

        moved = with_settings(study, endpoint_url="http://127.0.0.1:9/v1", endpoint_model="other")
        slower = with_settings(study, endpoint_timeout_seconds=9.0)

        assert (read_wanted(moved).settings_hash != before) is is_asked_anew
        assert read_wanted(slower).settings_hash == before
