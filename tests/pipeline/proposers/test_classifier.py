"""Facts about what a learnt proposer proposes and what it names as its reasons; synthetic words."""

import re

import numpy as np
import pytest

from models.levels import CHILDREN, NO_PARENT
from models.passages import Passages
from pipeline.proposers.classifier import ClassifierProposer, find_groups, list_parents
from pipeline.proposers.protocol import ModelParts, Question
from tests.pipeline.learning.taught import (
    BOOK,
    CODES,
    N_EXCERPTS,
    SUPPORT,
    TRUST,
    add,
    choices_of,
    classifier_of,
    excerpts_of,
    make_book,
    make_interview,
    parts_of,
    scores,
    suggest,
    suggestions,
)

KEYS = list(BOOK.by_key)


@pytest.fixture
def grown(trained):
    """The same study with one interview that it has learnt nothing from."""
    add(trained, make_interview(9, is_coded=False))
    suggest(trained)
    return trained


def of_interview(study, label):
    return [each.suggestion for each in suggestions(study) if each.interview == label]


def word_spans(suggestion, text):
    return [text[start:end] for start, end in suggestion.evidence["words"]]


def test_evidence_is_the_nearest_codings_and_words_within_the_excerpt(grown):
    texts = {excerpt.id: excerpt.text for excerpt in excerpts_of(grown, "I9")}
    coded = {each.id for number in range(1, 9) for each in excerpts_of(grown, f"I{number}")}

    made = of_interview(grown, "I9")

    assert made
    for each in made:
        assert set(each.evidence) >= {"kind", "nearest", "words", "part"}
        assert len(each.evidence["nearest"]) == 2
        for near in each.evidence["nearest"]:
            assert near["excerpt"] in coded
            assert -1 <= near["similarity"] <= 1
            assert near["is_same_participant"] is False
        for start, end in each.evidence["words"]:
            assert 0 <= start < end <= len(texts[each.excerpt_id])


def test_words_that_are_shown_are_those_that_speak_for_the_code(grown):
    texts = {excerpt.id: excerpt.text for excerpt in excerpts_of(grown, "I9")}

    shown = [
        " ".join(word_spans(each, texts[each.excerpt_id]))
        for each in of_interview(grown, "I9")
        if each.code_key == "trust"
    ]

    assert shown
    assert all(re.search("anchor|lantern|rope", words) for words in shown)


def test_evidence_holds_no_word_of_an_interview(grown):
    said = {word for each in excerpts_of(grown, "I9") for word in re.findall(r"\w{3,}", each.text)}

    told = set(re.findall(r"\w+", repr([each.evidence for each in of_interview(grown, "I9")])))

    assert not said & told


def test_coding_of_the_same_participant_is_named_as_such(trained):
    add(trained, make_interview(9, participant="P1", is_coded=False))
    suggest(trained)

    near = [each.evidence["nearest"] for each in of_interview(trained, "I9")]

    others = {each.id for number in range(2, 9) for each in excerpts_of(trained, f"I{number}")}
    assert near
    for one in (each for pair in near for each in pair):
        assert one["is_same_participant"] == (one["excerpt"] not in others)


def test_parent_that_nobody_gives_is_as_likely_as_its_likeliest_child(trained):
    found = scores(trained)

    likeliest = np.maximum(found["trust"], found["heard"])

    assert choices_of(trained)["support"].method == CHILDREN
    assert found["support"] == pytest.approx(likeliest, abs=1e-6)


def question(study, label="I1", book=BOOK):
    """Put an interview together that the proposer has learnt nothing from."""
    excerpts = excerpts_of(study, label)
    vectors = np.random.default_rng(0).normal(size=(len(excerpts), 32)).astype(np.float32)
    return Question(
        passages=Passages(
            tuple(each.text for each in excerpts),
            vectors,
            np.zeros(len(excerpts), dtype=np.int64),
            np.arange(len(excerpts)) % 2,
        ),
        language="en",
        codebook=book,
        linked=frozenset(),
        list_examples=list,
    )


def proposer(study, *, raised=()):
    """Make the proposer in force, some codes of which are never proposed."""
    arrays, facts = parts_of(study)
    choices = [
        choice | ({"threshold": 0.9999999} if key in raised else {})
        for key, choice in zip(KEYS, facts["choices"], strict=True)
    ]
    settings = study.settings.model_dump(mode="json")
    return ClassifierProposer(
        ModelParts(arrays, facts | {"choices": choices}, settings, encode=list)
    )


def test_parent_is_proposed_where_its_children_are_not(trained):
    support, trust, heard = (KEYS.index(key) for key in ("support", "trust", "heard"))
    asked = question(trained)

    usual = proposer(trained).propose(asked).proposes
    shy = proposer(trained, raised=("trust", "heard")).propose(asked).proposes

    has_child = usual[:, trust] | usual[:, heard]
    assert has_child.any()
    assert not (usual[:, support] & has_child).any()
    left = has_child & ~shy[:, trust] & ~shy[:, heard]
    assert left.any()
    assert shy[left, support].all()


def test_answer_has_a_chance_for_every_code_of_every_excerpt(trained):
    answer = proposer(trained).propose(question(trained))

    assert answer.values.shape == (N_EXCERPTS, len(CODES))
    assert answer.is_probability
    assert ((answer.values >= 0) & (answer.values <= 1)).all()
    assert answer.methods == tuple(choice.method for choice in choices_of(trained).values())


def test_code_by_description_names_the_text_of_the_codebook_only(trained):
    answer = proposer(trained).propose(question(trained))

    evidence = answer.explain(3, KEYS.index("support"))

    assert set(evidence) == {"kind", "index", "similarity"}


def test_opposites_that_were_not_told_apart_are_named(trained):
    arrays, facts = parts_of(trained)
    settings = trained.settings.model_dump(mode="json")

    def ask(separable):
        parts = ModelParts(arrays, facts | {"separable": separable}, settings, encode=list)
        return ClassifierProposer(parts).propose(question(trained)).inseparable

    pair = [BOOK.by_key["storm"].guid, BOOK.by_key["calm"].guid]
    assert ask([]) == ((KEYS.index("calm"), KEYS.index("storm")),)
    assert ask([pair]) == ()


def test_groups_are_found_by_the_interviews_that_are_linked(trained):
    stored = classifier_of(trained)
    interviews = np.unique(stored.features.interviews).tolist()

    assert len(find_groups(stored, frozenset(interviews[:1]))) == 1
    assert len(find_groups(stored, frozenset(interviews))) == len(interviews)
    assert len(find_groups(stored, frozenset({999}))) == 0


def test_codes_without_a_parent_say_so():
    assert list_parents(make_book(TRUST, SUPPORT)).tolist() == [1, NO_PARENT]
