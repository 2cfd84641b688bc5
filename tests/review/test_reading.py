"""Excerpts in their transcript, however it was cut."""

from hypothesis import given, settings
from hypothesis import strategies as st

from review.reading import open_window
from study.records import Excerpt, Span, Transcript, Turn

TEXT = "Een vraag?\nJa. Nee, eh. Misschien.\nEn toen?"
TURNS = [
    Turn("interviewer", Span(0, 10)),
    Turn("participant", Span(11, 34)),
    Turn("interviewer", Span(35, 43)),
]


def _transcript(text=TEXT):
    return Transcript(1, 1, "I1", "nl", "hash", 1, text=text)


def _excerpts(*spans, text=TEXT):
    return [
        Excerpt(number, f"e{number}", number, Span(*span), text[slice(*span)], "hash")
        for number, span in enumerate(spans, 1)
    ]


def _parts(window):
    return [[(part.excerpt_id, part.text) for part in turn.parts] for turn in window.turns]


def test_a_turn_is_cut_where_its_excerpts_begin_and_end():
    excerpts = _excerpts((0, 10), (11, 14), (24, 34))

    window = open_window(_transcript(), TURNS, excerpts, excerpts[1], before=9, after=9)

    assert _parts(window) == [
        [(1, "Een vraag?")],
        [(2, "Ja."), (None, " Nee, eh. "), (3, "Misschien.")],
        [(None, "En toen?")],
    ]


def test_an_excerpt_over_two_turns_is_shown_in_both():
    excerpts = _excerpts((0, 34))

    window = open_window(_transcript(), TURNS, excerpts, excerpts[0], before=0, after=0)

    assert _parts(window)[:2] == [[(1, "Een vraag?")], [(1, "Ja. Nee, eh. Misschien.")]]


@settings(deadline=None, derandomize=True)
@given(cuts=st.lists(st.integers(0, len(TEXT)), unique=True, min_size=2, max_size=8))
def test_a_part_tells_where_in_its_excerpt_it_stands(cuts):
    bounds = sorted(cuts)
    excerpts = _excerpts(*zip(bounds[::2], bounds[1::2], strict=False))
    words = {excerpt.id: excerpt.text for excerpt in excerpts}

    window = open_window(_transcript(), TURNS, excerpts, excerpts[0], before=9, after=9)

    for part in (part for turn in window.turns for part in turn.parts if part.excerpt_id):
        assert words[part.excerpt_id][part.offset :].startswith(part.text)


def test_a_long_interview_shows_blocks_of_turns_that_stay_from_one_excerpt_to_the_next():
    text = "ja " * 100
    spans = [(3 * n, 3 * n + 2) for n in range(100)]
    turns = [Turn("participant", Span(*span)) for span in spans]
    excerpts = _excerpts(*spans, text=text)

    windows = [
        open_window(_transcript(text), turns, excerpts, excerpts[place], before=10, after=5)
        for place in (50, 51)
    ]

    assert windows[0] == windows[1]
    assert [turn.position for turn in windows[0].turns] == list(range(40, 60))
    assert (windows[0].n_earlier, windows[0].n_later) == (40, 40)


@settings(deadline=None)
@given(cuts=st.lists(st.integers(0, len(TEXT)), unique=True, max_size=8))
def test_no_word_of_a_turn_is_lost_or_shown_twice(cuts):
    bounds = sorted(cuts)
    excerpts = _excerpts(*zip(bounds[::2], bounds[1::2], strict=False)) or _excerpts((0, 10))

    window = open_window(_transcript(), TURNS, excerpts, excerpts[0], before=9, after=9)

    for turn, view in zip(TURNS, window.turns, strict=True):
        shown = "".join(part.text for part in view.parts)
        spoken = TEXT[turn.span.start_char : turn.span.end_char]
        assert "".join(shown.split()) == "".join(spoken.split())


def test_turn_in_which_nothing_was_said_is_shown_where_it_stands():
    text = "One.\n\nTwo."
    spans = [Span(0, 4), Span(5, 5), Span(6, 10)]
    transcript = Transcript(1, 1, "S1", "nl", "hash", 1, text=text)
    turns = [Turn("participant", span) for span in spans]
    excerpts = [
        Excerpt(n, f"e{n}", n, span, text[span.start_char : span.end_char], "hash")
        for n, span in enumerate(spans, start=1)
    ]

    window = open_window(transcript, turns, excerpts, excerpts[1], before=0, after=0)

    shown = [(part.excerpt_id, part.text) for turn in window.turns for part in turn.parts]
    assert shown == [(1, "One."), (2, ""), (3, "Two.")]


def test_interviewer_asks_whether_by_role_or_by_a_label_with_a_capital():
    turns = [
        Turn("interviewer 2", Span(0, 10), "interviewer"),
        Turn("participant", Span(11, 34), "participant"),
        Turn("Interviewer", Span(35, 43)),
    ]
    excerpts = _excerpts((11, 34))

    window = open_window(_transcript(), turns, excerpts, excerpts[0], before=5, after=5)

    assert [turn.is_question for turn in window.turns] == [True, False, True]
