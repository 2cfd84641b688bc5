"""Facts about replaced stretches and where the rest of a text then lies."""

from hypothesis import given
from hypothesis import strategies as st

from study.offsets import OffsetMap, Replacement, replace_all
from study.records import Span


@st.composite
def replaced_texts(draw, text=None):
    if text is None:
        text = draw(st.text("abcde é🙂", min_size=1, max_size=40))
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True).map(sorted))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, [
        Replacement(Span(start, end), draw(st.sampled_from(["[CHILD_1]", "[X_12]", "[A_1]"])))
        for start, end in pairs
    ]


def kept(text, replacements):
    """Give every stretch between replacements, as spans."""
    edges = [0, *(n for r in replacements for n in (r.span.start_char, r.span.end_char)), len(text)]
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


@given(replaced_texts())
def test_what_was_not_replaced_is_found_again(drawn):
    text, replacements = drawn
    new = replace_all(text, replacements)
    offsets = OffsetMap.of(replacements)

    for span in kept(text, replacements):
        moved = offsets.move(span)
        if span.start_char < span.end_char:
            assert new[moved.start_char : moved.end_char] == text[span.start_char : span.end_char]


@given(replaced_texts())
def test_replaced_stretch_lies_where_its_pseudonym_is(drawn):
    text, replacements = drawn
    new = replace_all(text, replacements)
    offsets = OffsetMap.of(replacements)

    for replacement in replacements:
        moved = offsets.move(replacement.span)
        assert new[moved.start_char : moved.end_char] == replacement.text


@given(replaced_texts())
def test_map_back_is_the_inverse_on_whole_stretches(drawn):
    text, replacements = drawn
    offsets = OffsetMap.of(replacements)

    for span in [*kept(text, replacements), *(r.span for r in replacements)]:
        if span.start_char < span.end_char:
            assert offsets.inverse().move(offsets.move(span)) == span


@given(replaced_texts().flatmap(lambda d: st.tuples(st.just(d), replaced_texts(replace_all(*d)))))
def test_one_map_does_what_two_do_after_each_other(drawn):
    (text, first), (middle, second) = drawn
    new = replace_all(middle, second)
    both = OffsetMap.of(first).then(OffsetMap.of(second))

    reached_old = reached_new = 0
    for old, fresh in both.moves:
        assert text[reached_old : old.start_char] == new[reached_new : fresh.start_char]
        reached_old, reached_new = old.end_char, fresh.end_char
    assert text[reached_old:] == new[reached_new:]


def test_span_that_cuts_into_a_name_is_widened_to_its_pseudonym():
    offsets = OffsetMap.of([Replacement(Span(4, 9), "[CHILD_1]")])

    assert offsets.move(Span(6, 12)) == Span(4, 16)
    assert offsets.move(Span(0, 6)) == Span(0, 13)


def test_map_is_written_and_read_as_rows_of_numbers():
    offsets = OffsetMap.of([Replacement(Span(4, 9), "[CHILD_1]")])

    assert offsets.as_rows() == [[4, 9, 4, 13]]
    assert OffsetMap.from_rows(offsets.as_rows()) == offsets
