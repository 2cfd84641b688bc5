"""Merged codes are followed to what they went into, and judged only where all their parts were."""

from hypothesis import given, settings
from hypothesis import strategies as st

from study.merging import MergedVersion, trace_merging

A, B, C, D = 1, 2, 3, 4


def trace(*versions):
    """Trace versions, each given as its codes and what replaces what."""
    return trace_merging([MergedVersion(frozenset(codes), made) for codes, made in versions])


def test_no_version_means_nothing_was_merged():
    merging = trace()

    assert (merging.into, merging.parts) == ({}, {})


def test_code_that_came_back_stands_for_itself():
    merging = trace(({A, B}, {}), ({A}, {B: A}), ({A, B}, {}))

    assert merging.into == {}


def test_code_that_came_back_and_went_without_a_word_is_gone():
    merging = trace(({A, B}, {}), ({A}, {B: A}), ({A, B}, {}), ({A}, {}))

    assert merging.into == {}


def test_two_codes_may_take_each_others_place_in_turn():
    merging = trace(({A, B}, {}), ({A}, {B: A}), ({B}, {A: B}))

    assert merging.into == {A: B}


def test_code_that_went_into_one_that_is_gone_is_gone_too():
    merging = trace(({A, B}, {}), ({B}, {A: B}), ({C}, {}))

    assert merging.into == {}


def test_later_version_says_what_a_code_was_merged_into():
    merging = trace(({A, B, C}, {}), ({B, C}, {A: B}), ({B, C}, {A: C}))

    assert merging.into == {A: C}


def test_code_made_of_others_was_judged_where_all_of_them_were():
    merging = trace(({A, B}, {}), ({C}, {A: C, B: C}))

    assert C in merging.widen_judged(frozenset({A, B}))
    assert C not in merging.widen_judged(frozenset({A}))
    assert C in merging.widen_judged(frozenset({C}))


def test_code_made_of_merged_codes_was_judged_where_those_were():
    merging = trace(({A, B}, {}), ({C, B}, {A: C}), ({D}, {C: D, B: D}))

    assert D in merging.widen_judged(frozenset({A, B}))
    assert D in merging.widen_judged(frozenset({C, B}))
    assert D not in merging.widen_judged(frozenset({A}))


def test_code_that_took_another_in_is_judged_by_itself():
    merging = trace(({B}, {}), ({A, B}, {}), ({A}, {B: A}))

    assert merging.widen_judged(frozenset({B})) == {B}
    assert A in merging.widen_judged(frozenset({A}))


def test_code_that_was_made_of_one_that_came_back_is_no_longer_made_of_it():
    merging = trace(({A, B}, {}), ({C}, {A: C, B: C}), ({A, C}, {}))

    assert merging.into == {B: C}
    assert merging.parts == {C: {B}}


def test_merged_codes_are_given_once():
    merging = trace(({A, B, D}, {}), ({A, D}, {B: A}))
    judged = merging.widen_judged(frozenset({A, B, D}))

    assert merging.move_given({A, B}, judged) == {A}
    assert merging.move_given({B, D}, judged) == {A, D}


def test_part_is_not_given_where_the_whole_could_not_be_judged_absent():
    merging = trace(({A}, {}), ({A, B}, {}), ({C}, {A: C, B: C}))

    assert merging.move_given({A}, merging.widen_judged(frozenset({A}))) == frozenset()


@st.composite
def histories(draw):
    """Draw versions as codebooks allow them: what is replaced was there before and is no more."""
    versions, before = [], set()
    for _ in range(draw(st.integers(0, 5))):
        codes = draw(st.sets(st.integers(1, 6), min_size=1))
        gone = sorted(before - codes)
        replaced = (
            draw(st.dictionaries(st.sampled_from(gone), st.sampled_from(sorted(codes))))
            if gone
            else {}
        )
        versions.append((codes, replaced))
        before |= codes
    return versions


@given(histories(), st.frozensets(st.integers(1, 6)))
@settings(deadline=None, derandomize=True)
def test_merged_codes_are_no_more_and_what_they_went_into_is_there(versions, judged):
    merging = trace(*versions)

    newest = versions[-1][0] if versions else set()
    assert set(merging.into.values()) <= newest
    assert not set(merging.into) & newest
    assert judged <= merging.widen_judged(judged)
    assert merging.widen_judged(merging.widen_judged(judged)) == merging.widen_judged(judged)
