"""Facts about what of a proposer's answer becomes a suggestion; every word here is synthetic."""

import numpy as np
import pytest

from models.contrasts import CHOICE_WITH
from pipeline.order import suggest_in_order
from pipeline.plan import read_wanted
from pipeline.propose import ask, offer_codes, propose_codes
from pipeline.proposers import finding
from pipeline.proposers.protocol import Answer
from pipeline.work import Work, call_plainly
from study.errors import StudyError
from study.registry import read_in_force
from study.suggestions import read_scores
from study.transcripts import list_transcripts, read_excerpts
from tests.pipeline.learning.taught import (
    BOOK,
    N_EXCERPTS,
    add,
    choices_of,
    in_force,
    learn,
    make_interview,
    scores,
    suggest,
    suggestions,
    with_settings,
)

KEYS = list(BOOK.by_key)
CALM, STORM = KEYS.index("calm"), KEYS.index("storm")


def answer(values, *, at_least=0.5, **facts):
    """Make an answer that proposes what reaches a value."""
    values = np.array(values, dtype=float)
    made = {
        "values": values,
        "proposes": values >= at_least,
        "is_probability": True,
        "methods": tuple(f"method {code}" for code in range(values.shape[1])),
        "explain": lambda row, code: {"kind": "synthetic", "place": [row, code]},
    }
    return Answer(**made | facts)


class Fake:
    """A proposer that always gives the same answer, and remembers what it was asked."""

    def __init__(self, made):
        self.made, self.asked = made, []

    def propose(self, question):
        self.asked.append(question)
        return self.made


@pytest.fixture
def answered(untrained, monkeypatch):
    """Let a fake proposer be asked about one more interview; give what was suggested for it."""

    def run(made):
        fake = Fake(made)
        monkeypatch.setattr("pipeline.propose.load_proposer", lambda _study, _model: fake)
        add(untrained, make_interview(9, is_coded=False))
        suggest(untrained)
        return fake, [each.suggestion for each in suggestions(untrained) if each.interview == "I9"]

    return run


def values(**by_key):
    """Give every excerpt nothing, but for the first one."""
    made = np.zeros((N_EXCERPTS, len(KEYS)))
    for key, value in by_key.items():
        made[0, KEYS.index(key)] = value
    return made


def test_what_is_proposed_is_suggested_strongest_first(answered):
    _, made = answered(answer(values(trust=0.6, calm=0.9, heard=0.4)))

    assert [(each.code_key, each.rank) for each in made] == [("calm", 1), ("trust", 2)]
    assert [each.probability for each in made] == [0.9, 0.6]
    assert [each.method for each in made] == [f"method {CALM}", f"method {KEYS.index('trust')}"]
    assert made[0].evidence == {"kind": "synthetic", "place": [0, CALM]}


def test_no_more_is_suggested_than_the_settings_ask_for(answered):
    _, made = answered(answer(values(trust=0.6, calm=0.9, heard=0.7, storm=0.8, support=0.5)))

    assert [each.code_key for each in made] == ["calm", "storm", "heard"]


def test_value_that_is_no_probability_is_not_told_as_one(answered):
    _, made = answered(answer(values(trust=1.7), is_probability=False))

    assert [(each.score, each.probability) for each in made] == [(1.7, None)]


def test_opposites_that_cannot_be_told_apart_are_one_choice_of_two(answered):
    said = values(calm=0.9, trust=0.6, storm=0.35)
    proposes = said > 0.5
    _, made = answered(answer(said, proposes=proposes, inseparable=((CALM, STORM),)))

    assert [(each.code_key, each.rank) for each in made] == [
        ("calm", 1),
        ("storm", 1),
        ("trust", 2),
    ]
    assert made[0].evidence[CHOICE_WITH] == BOOK.by_key["storm"].guid
    assert CHOICE_WITH not in made[2].evidence


def test_pole_that_is_much_likelier_than_its_opposite_is_offered_alone(answered):
    said = values(calm=0.9, storm=0.2)

    _, made = answered(answer(said, proposes=said > 0.5, inseparable=((CALM, STORM),)))

    assert [each.code_key for each in made] == ["calm"]


def test_proposer_is_asked_with_the_interview_and_what_is_linked_to_it(answered, untrained):
    fake, _ = answered(answer(values()))

    (question,) = fake.asked
    with untrained.database.read() as connection:
        (added,) = (each for each in list_transcripts(connection) if each.interview == "I9")
        excerpts = read_excerpts(connection, added)
    assert question.passages.texts == tuple(each.text for each in excerpts)
    assert question.linked == {added.interview_id}
    assert question.language == "en"
    assert question.codebook == BOOK
    assert len(question.list_examples()) == 8 * N_EXCERPTS


def test_what_a_proposer_scored_is_kept_as_it_gave_it(answered, untrained):
    raw = values(trust=70.0)
    answered(answer(values(trust=0.9), raw=raw))

    with untrained.database.read() as connection:
        (added,) = (each for each in list_transcripts(connection) if each.interview == "I9")
        model = read_in_force(connection)
        kept = read_scores(connection, added.segmentation_id, model.id)
    assert np.array_equal(kept, raw.astype(np.float32))


def test_interview_that_was_proposed_for_is_not_asked_about_again(trained, monkeypatch):
    monkeypatch.setattr("pipeline.propose.load_proposer", lambda *_given: pytest.fail("asked"))
    with trained.database.read() as connection:
        first = list_transcripts(connection)[0]

    assert propose_codes(Work(trained), first.id) == 0


def test_examples_leave_the_family_of_the_interview_out(untrained):
    add(untrained, make_interview(9, participant="P1", is_coded=False))
    suggest(untrained)
    work, model = Work(untrained), in_force(untrained)
    with untrained.database.read() as connection:
        added = list_transcripts(connection)[-1]
        excerpts = read_excerpts(connection, added)

    question = ask(work, read_wanted(untrained), model, added, excerpts)

    assert len(question.linked) == 2
    assert len(question.list_examples()) == 7 * N_EXCERPTS


def test_opposites_are_a_choice_until_held_out_codings_tell_them_apart(untrained):
    before = {each.suggestion.code_key for each in suggestions(untrained) if is_choice(each)}

    learn(untrained)

    after = {each.suggestion.code_key for each in suggestions(untrained) if is_choice(each)}
    assert before == {"calm", "storm"}
    assert after == set()


def is_choice(placed):
    return CHOICE_WITH in placed.suggestion.evidence


def test_excerpt_of_which_nothing_is_likely_gets_no_suggestion(trained):
    suggested = {each.excerpt for each in suggestions(trained)}

    assert 0 < len(suggested) < 8 * N_EXCERPTS


def test_nothing_below_its_threshold_is_suggested(trained):
    choices = choices_of(trained)

    for each in (placed.suggestion for placed in suggestions(trained)):
        assert each.probability >= choices[each.code_key].threshold
    assert all(((column >= 0) & (column <= 1)).all() for column in scores(trained).values())


def test_offers_follow_the_values_and_not_the_codebook():
    offers = offer_codes(answer([[0.5, 0.9, 0.7], [0.1, 0.2, 0.3]]), at_most=2)

    assert [[offer.codes for offer in row] for row in offers] == [[(1,), (2,)], []]


def test_proposer_that_is_not_installed_is_named_with_those_that_are(untrained):
    study = with_settings(untrained, proposer="oracle")

    with pytest.raises(
        StudyError, match=r"no proposer called 'oracle'\. Installed are: .*similarity"
    ):
        suggest_in_order(call_plainly, Work(study))


def test_proposer_that_was_used_last_is_kept_at_hand(trained):
    model = in_force(trained)

    assert finding.load_proposer(trained, model) is finding.load_proposer(trained, model)
