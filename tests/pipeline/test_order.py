"""Facts about a run: what it makes, what it leaves alone, what a failure costs."""

import pytest

from pipeline.order import suggest_in_order
from pipeline.work import PlainCalls, StepError, Work, call_plainly
from study.decisions import Action, Verdict, record_action
from study.fingerprint import fingerprint_study
from study.folder import Study
from study.ledger import list_failures
from study.review_queue import find_coder, list_items
from study.suggestions import count_current, current_model, read_current_suggestions
from study.transcripts import list_transcripts, read_excerpts


def run(study):
    return suggest_in_order(call_plainly, Work(study))


def with_settings(study, **values):
    return Study(study.folder, study.settings.model_copy(update=values), study.database)


def fingerprint(study):
    with study.database.read() as connection:
        return fingerprint_study(connection)


def queue(study, interview_id):
    with study.database.read() as connection:
        return list_items(connection, find_coder(connection, "coder"), interview_id)


def test_every_excerpt_of_every_interview_is_queued_in_transcript_order(coded_study):
    run(coded_study)

    with coded_study.database.read() as connection:
        for transcript in list_transcripts(connection):
            excerpts = read_excerpts(connection, transcript)
            items = queue(coded_study, transcript.interview_id)
            assert [item.excerpt_id for item in items] == [excerpt.id for excerpt in excerpts]


class Spreading(PlainCalls):
    """Notes which steps it is given many transcripts for at once."""

    def __init__(self):
        self.spread = []

    def over(self, step, work, transcripts):
        """Note a step, and run it for every transcript."""
        self.spread.append(step.__name__)
        return super().over(step, work, transcripts)


def test_long_steps_are_spread_and_what_hangs_on_the_order_is_not(coded_study):
    run_step = Spreading()

    suggest_in_order(run_step, Work(coded_study))

    assert run_step.spread == ["split_into_excerpts", "embed_excerpts", "propose_codes"]


def test_suggestion_names_its_run_encoder_model_codebook_score_and_evidence(coded_study):
    summary = run(coded_study)

    with coded_study.database.read() as connection:
        model = current_model(connection, "similarity")
        suggestions = [placed.suggestion for placed in read_current_suggestions(connection)]
    assert len(suggestions) == summary.n_suggestions > 0
    for suggestion in suggestions:
        assert suggestion.run_id == summary.run_id
        assert suggestion.encoder == "multilingual-e5-small"
        assert suggestion.model == model.sha256
        assert suggestion.codebook_version == 1
        assert suggestion.score >= coded_study.settings.min_score
        assert set(suggestion.evidence) == {"kind", "index", "similarity"}


def test_nearest_text_of_the_codebook_is_the_evidence(coded_study):
    run(coded_study)

    with coded_study.database.read() as connection:
        found = {
            (placed.excerpt, placed.suggestion.code_key): placed.suggestion.evidence["kind"]
            for placed in read_current_suggestions(connection)
        }
    assert found["I1_e1", "trust"] == "example"
    assert found["I2_e1", "change"] == "definition"


def test_second_run_does_nothing_and_loads_no_model(coded_study, encoder):
    run(coded_study)
    before = fingerprint(coded_study)
    encoder.calls.clear()

    summary = run(coded_study)

    assert summary.state == "nothing new"
    assert summary.run_id is None
    assert encoder.calls == []
    assert fingerprint(coded_study) == before


def test_each_distinct_text_is_encoded_once(coded_study, encoder, add):
    run(coded_study)

    add(*(coded for coded in [_same_words_again()]))
    run(coded_study)

    texts = [text for call in encoder.calls for text in call]
    assert len(texts) == len(set(texts))


def _same_words_again():
    from study.records import CodedInterview, GivenExcerpt  # noqa: PLC0415 - used here only

    excerpts = (GivenExcerpt("I9_e0", 0, "interviewer", "mm"),)
    return CodedInterview("I9", "synthetic", None, None, excerpts, ())


def test_interview_that_cannot_be_embedded_is_set_aside_and_the_others_go_on(
    coded_study, add, interview
):
    add(interview("BAD", ["Go on .", "POISON that no encoder takes"]))

    summary = run(coded_study)

    assert summary.n_interviews == 3
    assert summary.n_set_aside == 1
    with coded_study.database.read() as connection:
        (failure,) = list_failures(connection, summary.run_id)
    assert failure.step == "embed_excerpts"
    assert failure.reason.startswith("ValueError at fakes.py:")
    assert "POISON" not in failure.reason


def test_interview_set_aside_is_tried_again(coded_study, add, interview, encoder):
    add(interview("BAD", ["Go on .", "POISON that no encoder takes"]))
    run(coded_study)
    encoder.encode = lambda texts: type(encoder)().encode([t.replace("POISON", "") for t in texts])

    summary = run(coded_study)

    assert (summary.n_interviews, summary.n_set_aside) == (1, 0)


def test_run_in_which_every_interview_fails_fails(study, add, interview, encoder):
    add(interview("BAD", ["POISON"]))

    with pytest.raises(StepError, match="embed_excerpts failed for all 1: ValueError at"):
        run(study)


def test_growing_study_learns_anew_what_is_usual(coded_study, add, interview):
    run(coded_study)
    add(interview("I4", ["Go on .", "we could count on nobody", "Yes ?", "the dog again"] * 2))

    run(coded_study)

    with coded_study.database.read() as connection:
        model = current_model(connection, "similarity")
    assert model.n_excerpts == 20


def test_one_more_interview_keeps_the_model(coded_study, add, interview):
    run(coded_study)
    with coded_study.database.read() as connection:
        before = current_model(connection, "similarity")
    add(interview("I4", ["Go on .", "we could count on nobody"]))

    summary = run(coded_study)

    with coded_study.database.read() as connection:
        assert current_model(connection, "similarity") == before
    assert summary.n_interviews == 1


def test_interview_in_a_new_language_is_compared_with_the_codebook_in_it(
    coded_study, add, interview, encoder
):
    run(coded_study)
    add(interview("NL", ["Zo .", "rekenen op de hulpverlener"], language="nl"))

    run(coded_study)

    assert any("Vertrouwen. rekenen op de hulpverlener" in call for call in encoder.calls)
    with coded_study.database.read() as connection:
        found = {p.excerpt for p in read_current_suggestions(connection)}
    assert "NL_e1" in found


def test_changed_setting_makes_new_suggestions_and_changing_back_restores_the_old(coded_study):
    run(coded_study)
    with coded_study.database.read() as connection:
        first = count_current(connection)
    strict = with_settings(coded_study, min_score=9.0)

    run(strict)
    with coded_study.database.read() as connection:
        none = count_current(connection)
    run(coded_study)

    with coded_study.database.read() as connection:
        assert (first, none) == (count_current(connection), (0, 0))
        models = {item.model_version_id for item in queue(coded_study, 1)}
        assert models == {current_model(connection, "similarity").id}


def test_decided_excerpt_keeps_what_was_on_the_screen(coded_study, now):
    run(coded_study)
    decided = queue(coded_study, 1)[1]
    with coded_study.database.write() as connection:
        coder = find_coder(connection, "coder")
        action = Action("a-1", coder, decided.excerpt_id, (Verdict("done"),))
        record_action(connection, action, now=now)

    run(with_settings(coded_study, min_score=0.0))

    first, second = queue(coded_study, 1)[:2]
    assert second.model_version_id == decided.model_version_id
    assert first.model_version_id != decided.model_version_id


def test_study_without_codebook_says_what_to_do(study):
    with pytest.raises(Exception, match="has no codebook yet"):
        run(study)
