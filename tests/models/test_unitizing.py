"""The reference below goes character by character through equations 32-38 as they are written."""

from dataclasses import replace
from itertools import permutations, product

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models import unitizing
from models.continua import Continuum, Span, Stretch, cut_into_sections, masi_distances
from models.unitizing import count_coincidences, ku_alphas, u_alphas, unitizing_agreement

N_CODES = 3


def measure(*continua, n_codes=N_CODES):
    return unitizing_agreement(count_coincidences(continua, n_codes=n_codes))


def figures(agreement):
    """Every figure in one row; nan for None."""
    codes = [(code.share, code.alpha, code.ku_alpha, code.coverage) for code in agreement.codes]
    overall = [agreement.u_alpha, agreement.relevance_alpha, agreement.cu_alpha]
    row = [agreement.n_shared_chars, *overall, agreement.coverage, *np.ravel(codes)]
    return np.array(row, dtype=float)


def assert_same(one, other):
    np.testing.assert_allclose(figures(one), figures(other), rtol=1e-9, atol=1e-9)


def masi(one, other):
    if one == other:
        return 0.0
    both, either = len(one & other), len(one | other)
    monotonicity = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - monotonicity * both / either


def merged(spans):
    """Join spans that share text; spans that touch stay two."""
    joined = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


class Reading:
    """What one coder said of one transcript, character by character; None where not read."""

    def __init__(self, continuum, coder):
        read = {
            position
            for stretch in continuum.stretches
            if stretch.coder == coder
            for position in range(stretch.start, stretch.end)
        }
        if coder in continuum.readers:
            read = set(range(continuum.n_chars))
        self.spans = [
            (code, *span)
            for code in range(N_CODES)
            for span in merged(
                [(s.start, s.end) for s in continuum.spans if (s.coder, s.code) == (coder, code)]
            )
        ]
        self.values = [
            frozenset(code for code, start, end in self.spans if start <= position < end)
            if position in read
            else None
            for position in range(continuum.n_chars)
        ]
        cuts = {place for span in self.spans for place in span[1:]}
        self.units = [sum(cut <= position for cut in cuts) for position in range(continuum.n_chars)]


class Reference:
    """Coincidences of two or more readers: o, l and own as the equations have them."""

    def __init__(self, continua, *, value, is_paired):
        self.observed, self.lengths, self.own_of_units, self.own_of_spans = {}, {}, {}, {}
        coders = {row[0] for c in continua for row in [*c.stretches, *c.spans]}
        coders |= {coder for c in continua for coder in c.readers}
        for continuum in continua:
            readings = [Reading(continuum, coder) for coder in sorted(coders)]
            weights = [[0.0] * continuum.n_chars for _ in readings]
            for position in range(continuum.n_chars):
                self.count(readings, position, weights, value=value, is_paired=is_paired)
            for reading, weight in zip(readings, weights, strict=True):
                self.count_own(reading, weight, value)

    def count(self, readings, position, weights, *, value, is_paired):
        readers = [n for n, r in enumerate(readings) if r.values[position] is not None]
        for one, other in permutations(readers, 2):
            pair = readings[one].values[position], readings[other].values[position]
            if all(is_paired(codes) for codes in pair):
                weight = 1 / (len(readers) - 1)
                key = tuple(map(value, pair))
                self.observed[key] = self.observed.get(key, 0) + weight
                self.lengths[key[0]] = self.lengths.get(key[0], 0) + weight
                weights[one][position] += weight

    def count_own(self, reading, weight, value):
        sizes = {}
        for position, codes in enumerate(reading.values):
            if codes:
                key = (value(codes), reading.units[position])
                sizes[key] = sizes.get(key, 0) + weight[position]
            elif codes is not None:
                gap = value(codes)
                self.own_of_units[gap] = self.own_of_units.get(gap, 0) + weight[position]
        for (codes, _), size in sizes.items():
            self.own_of_units[codes] = self.own_of_units.get(codes, 0) + size**2
        for code, start, end in reading.spans:
            size = sum(weight[start:end])
            self.own_of_spans[code] = self.own_of_spans.get(code, 0) + size**2

    def expected(self, own):
        total = sum(self.lengths.values())
        others = total**2 - sum(own.values())
        return {
            (c, k): total * (self.lengths[c] * self.lengths[k] - (c == k) * own.get(c, 0)) / others
            for c, k in product(self.lengths, repeat=2)
        }

    def alpha(self, own, distance):
        if len(self.lengths) < 2:
            return None
        expected = self.expected(own)
        apart = [
            sum(n * distance(c, k) for (c, k), n in m.items()) for m in (self.observed, expected)
        ]
        return 1 - apart[0] / apart[1]

    def value_alpha(self, own):
        """Equation 38, of the value True."""
        if len(self.lengths) < 2:
            return None
        expected = self.expected(own)
        margin = expected[True, True] + expected[False, True]
        length = self.lengths[True]
        off = length - self.observed.get((True, True), 0)
        return 1 - margin / length * off / (margin - expected[True, True])


def differ(one, other):
    return float(one != other)


def everywhere(_codes):
    return True


def reference_figures(continua):
    whole = Reference(continua, value=frozenset, is_paired=everywhere)
    marked = Reference(continua, value=frozenset, is_paired=bool)
    relevance = Reference(continua, value=bool, is_paired=everywhere)
    total = sum(whole.lengths.values())
    row = [
        whole.alpha(whole.own_of_units, masi),
        relevance.alpha(relevance.own_of_units, differ),
        marked.alpha(marked.own_of_units, masi),
        sum(marked.lengths.values()) / total if total else None,
    ]
    for code in range(N_CODES):

        def has(codes, code=code):
            return code in codes

        one = Reference(continua, value=has, is_paired=everywhere)
        own = {True: one.own_of_spans.get(code, 0), False: one.lengths.get(False, 0)}
        both = Reference(continua, value=has, is_paired=bool)
        given_length = one.lengths.get(True, 0)
        row += [
            given_length / total if total else None,
            one.alpha(own, differ),
            both.value_alpha({True: both.own_of_spans.get(code, 0)}),
            both.lengths.get(True, 0) / given_length if given_length else None,
        ]
    return np.array(row, dtype=float)


@st.composite
def transcripts(draw, *, n_coders=3):
    n_chars = draw(st.integers(1, 10))
    coders = st.integers(0, n_coders - 1)
    ends = st.lists(st.integers(0, n_chars), min_size=2, max_size=2, unique=True).map(sorted)
    stretches = draw(st.lists(st.builds(lambda c, e: Stretch(c, *e), coders, ends), max_size=3))
    span = st.builds(lambda c, e, k: Span(c, *e, k), coders, ends, st.integers(0, N_CODES - 1))
    readers = draw(st.sets(coders, max_size=n_coders))
    return Continuum(n_chars, readers, stretches, draw(st.lists(span, max_size=9)))


studies = st.lists(transcripts(), min_size=1, max_size=3)


@st.composite
def whole_transcripts(draw):
    """Read wholly by three coders."""
    return replace(draw(transcripts()), readers=(0, 1, 2), stretches=())


@pytest.fixture
def book_example():
    """Three observers, 60 units of length, seven values.

    Krippendorff 2019, Content Analysis, figure 12.11 (p. 340), as quallmer gives it in
    tests/testthat/test-alpha_u.R.
    """
    cut = [
        [(0, 7, 1), (7, 13, 2), (30, 32, 5), (32, 37, 6), (37, 44, 6), (44, 60, 7)],
        [(0, 7, 1), (7, 13, 3), (13, 21, 5), (32, 44, 6)],
        [(0, 7, 1), (7, 13, 4), (13, 21, 5), (32, 37, 6), (37, 41, 6), (41, 44, 6)],
    ]
    spans = [Span(coder, *span) for coder, spans in enumerate(cut) for span in spans]
    return Continuum(60, readers=(0, 1, 2), spans=spans)


def test_u_and_cu_alpha_are_those_of_a_published_worked_example(book_example):
    # The book, as quallmer quotes it: 0.510 and 0.724. For the second quallmer's own reading of
    # equation 36 gives 0.728, lindanna/unitized_alpha's 0.726.
    agreement = measure(book_example, n_codes=8)

    assert agreement.u_alpha == pytest.approx(0.510, abs=5e-4)
    assert agreement.cu_alpha == pytest.approx(0.724, abs=5e-4)


def test_relevance_alpha_is_that_of_a_published_worked_example_but_for_its_last_digit(book_example):
    # The book, as quallmer quotes it: 0.413. The equation as written gives 0.4136, in quallmer
    # too, whose test allows 0.002; what makes the difference could not be found out.
    assert measure(book_example, n_codes=8).relevance_alpha == pytest.approx(0.413, abs=1e-3)


def test_ku_alphas_are_those_of_a_published_worked_example(book_example):
    # The book, as quallmer quotes it: values 1, 5 and 6 agree, 2 to 4 do not, 5 rests on 44% of
    # its length, 7 on nothing.
    codes = measure(book_example, n_codes=8).codes

    assert [codes[code].ku_alpha for code in (1, 5, 6)] == pytest.approx([1, 1, 1])
    assert [codes[code].ku_alpha for code in (2, 3, 4)] == pytest.approx([0, 0, 0], abs=1e-12)
    assert codes[5].coverage == pytest.approx(8 / 18)
    assert (codes[7].ku_alpha, codes[7].coverage) == (None, 0)


def test_masi_distance_is_that_of_a_published_example():
    # nltk.org/api/nltk.metrics.masi_distance.html: {1, 2} and {1, 2, 3, 4}: 0.665, with 0.67 for
    # the 2/3 of Passonneau 2006.
    one, other = np.array([0b0011], dtype=np.uint64), np.array([0b1111], dtype=np.uint64)

    assert masi_distances(one, other) == pytest.approx(0.665, abs=2e-3)


@given(studies)
def test_figures_are_those_of_the_equations_taken_character_by_character(continua):
    np.testing.assert_allclose(
        figures(measure(*continua))[1:], reference_figures(continua), rtol=1e-9, atol=1e-9
    )


# What each coder says of each character: nan not read, else the bits of a set of two codes.
readings = arrays(
    np.float64,
    st.tuples(st.integers(2, 4), st.integers(1, 8)),
    elements=st.sampled_from([np.nan, 0, 1, 2, 3]),
)


def by_characters(values):
    """A transcript in which every span is one character long."""
    cells = [(coder, at, value) for (coder, at), value in np.ndenumerate(values) if value >= 0]
    return Continuum(
        values.shape[1],
        stretches=[Stretch(coder, at, at + 1) for coder, at, _ in cells],
        spans=[
            Span(coder, at, at + 1, code)
            for coder, at, value in cells
            for code in (0, 1)
            if int(value) >> code & 1
        ],
    )


def alpha_of_package(values, **level):
    pairable = values[:, (~np.isnan(values)).sum(axis=0) >= 2]
    if len(np.unique(pairable[~np.isnan(pairable)])) < 2:
        return None
    return pytest.approx(krippendorff.alpha(pairable, **level))


def masi_of_bits(one, other, *, dtype, **_):
    sets = [
        [frozenset(c for c in (0, 1) if int(v) >> c & 1) for v in x.ravel()] for x in (one, other)
    ]
    distances = [[masi(row, column) for column in sets[1]] for row in sets[0]]
    return np.array(distances, dtype=dtype).reshape(np.broadcast(one, other).shape)


@given(readings)
def test_with_spans_of_one_character_u_alpha_is_that_of_the_krippendorff_package(values):
    agreement = measure(by_characters(values))

    expected = alpha_of_package(values, level_of_measurement=masi_of_bits)
    assert agreement.u_alpha == expected


@given(readings)
def test_with_spans_of_one_character_a_code_has_the_alpha_of_the_krippendorff_package(values):
    agreement = measure(by_characters(values))

    for code in (0, 1):
        has_code = np.where(np.isnan(values), np.nan, np.nan_to_num(values).astype(int) >> code & 1)
        expected = alpha_of_package(has_code, level_of_measurement="nominal")
        assert agreement.codes[code].alpha == expected


@given(whole_transcripts())
def test_coders_who_mark_alike_have_an_alpha_of_1(continuum):
    spans = [replace_coder(span, coder) for span in continuum.spans for coder in (0, 1, 2)]

    agreement = measure(replace(continuum, spans=spans))

    alphas = [agreement.u_alpha, agreement.relevance_alpha, agreement.cu_alpha]
    alphas += [figure for code in agreement.codes for figure in (code.alpha, code.ku_alpha)]
    assert all(alpha == 1 for alpha in alphas if alpha is not None)
    n_marked = len({place for span in spans for place in range(span.start, span.end)})
    assert (agreement.relevance_alpha == 1) == (0 < n_marked < continuum.n_chars)


def replace_coder(row, coder):
    return row._replace(coder=coder)


@given(studies, st.permutations([0, 1, 2]), st.randoms(use_true_random=False))
def test_the_order_of_coders_transcripts_and_spans_does_not_matter(continua, order, random):
    shuffled = [
        Continuum(
            continuum.n_chars,
            [order[coder] for coder in continuum.readers],
            [replace_coder(row, order[row.coder]) for row in continuum.stretches],
            random.sample(
                [replace_coder(s, order[s.coder]) for s in continuum.spans], len(continuum.spans)
            ),
        )
        for continuum in random.sample(continua, len(continua))
    ]

    assert_same(measure(*shuffled), measure(*continua))


@given(transcripts(), st.integers(1, 5))
def test_text_that_nobody_read_before_and_after_changes_nothing(continuum, n_chars):
    def shift(row):
        return row._replace(start=row.start + n_chars, end=row.end + n_chars)

    whole = [Stretch(coder, 0, continuum.n_chars) for coder in continuum.readers]
    shifted = Continuum(
        continuum.n_chars + 2 * n_chars,
        stretches=[shift(row) for row in [*whole, *continuum.stretches]],
        spans=[shift(row) for row in continuum.spans],
    )

    assert_same(measure(shifted), measure(continuum))


@given(whole_transcripts(), st.data())
def test_a_span_cut_in_two_changes_only_what_pairs_with_itself(continuum, data):
    long = [
        n for n, span in enumerate(continuum.spans) if is_alone(span, continuum) and width(span) > 1
    ]
    if not long:
        return
    number = data.draw(st.sampled_from(long))
    span = continuum.spans[number]
    middle = data.draw(st.integers(span.start + 1, span.end - 1))
    others = [other for other in continuum.spans if other is not span]
    halves = [span._replace(end=middle), span._replace(start=middle)]
    cut = replace(continuum, spans=[*others, *halves])

    before = count_coincidences([continuum], n_codes=N_CODES).codes[span.code]
    after = count_coincidences([cut], n_codes=N_CODES).codes[span.code]

    product_of_halves = (middle - span.start) * (span.end - middle)
    assert before.own - after.own == pytest.approx([2 * product_of_halves])
    assert np.array_equal(before.observed, after.observed)
    assert np.array_equal(before.lengths, after.lengths)


def width(span):
    return span.end - span.start


def is_alone(span, continuum):
    """Whether no other span of the coder with the code shares text with it."""
    return not any(
        other is not span
        and (other.coder, other.code) == (span.coder, span.code)
        and other.start < span.end
        and span.start < other.end
        for other in continuum.spans
    )


def test_cutting_spans_in_two_lowers_alpha_a_little():
    whole = [Span(0, 0, 6, 0), Span(1, 2, 8, 0)]
    cut = [Span(0, 0, 3, 0), Span(0, 3, 6, 0), Span(1, 2, 5, 0), Span(1, 5, 8, 0)]
    alphas = [measure(Continuum(20, (0, 1), (), spans)).codes[0].alpha for spans in (whole, cut)]

    # T = 40, S = 28 + 72 or 28 + 36; observed 8 of 12 and 28.
    by_hand = [1 - 8 * (1600 - own) / (40 * 2 * 12 * 28) for own in (100, 64)]
    assert alphas == pytest.approx(by_hand)
    assert alphas[1] < alphas[0]


def test_overlapping_spans_of_one_coder_and_code_are_one():
    one = Continuum(20, (0, 1), (), [Span(0, 2, 9, 0), Span(1, 4, 12, 0)])
    overlapping = [Span(0, 2, 6, 0), Span(0, 5, 9, 0), Span(1, 4, 12, 0), Span(1, 4, 12, 0)]

    assert_same(measure(replace(one, spans=overlapping)), measure(one))


@given(studies, st.lists(st.integers(0, 2), min_size=3, max_size=3))
def test_a_transcript_that_weighs_as_much_as_several_is_like_several(continua, times):
    times = times[: len(continua)]
    drawn = [c for c, n in zip(continua, times, strict=True) for _ in range(n)]

    sums = count_coincidences(continua, n_codes=N_CODES)
    direct = measure(*drawn)

    weights = np.array([times, [1] * len(times)], dtype=float)
    pairs = [
        (sums.values, "u_alpha"),
        (sums.relevance, "relevance_alpha"),
        (sums.marked, "cu_alpha"),
    ]
    for coincidences, name in pairs:
        assert_weighs(u_alphas(coincidences, weights), getattr(direct, name))
    for number, code in enumerate(direct.codes):
        assert_weighs(u_alphas(sums.codes[number], weights), code.alpha)
        assert_weighs(ku_alphas(sums.marked_codes[number], weights), code.ku_alpha)
    every = measure(*continua)
    assert_weighs(u_alphas(sums.values, weights)[1:], every.u_alpha)


def assert_weighs(alphas, expected):
    expected = np.nan if expected is None else expected
    np.testing.assert_allclose(alphas[0], expected, rtol=1e-9, atol=1e-9)


def test_a_batch_of_weights_gives_one_alpha_each_and_nan_where_it_is_undefined(book_example):
    silent = Continuum(9, readers=(0, 1))
    sums = count_coincidences([book_example, silent], n_codes=8)

    alphas = u_alphas(sums.values, np.array([[1, 1], [2, 0], [0, 3], [0, 0], [0.01, 0]]))

    # At a hundredth of its weight the text would pair with nothing but itself.
    assert list(np.isnan(alphas)) == [False, False, True, True, True]
    assert list(sums.values.has_data) == [True, True]
    assert list(sums.marked.has_data) == [True, False]


UNDEFINED = {
    "nobody marked anything": Continuum(9, (0, 1)),
    "one coder": Continuum(9, (0,), (), [Span(0, 2, 4, 0)]),
    "nobody read it": Continuum(9),
    "they read different parts": Continuum(
        9, (), [Stretch(0, 0, 4), Stretch(1, 4, 9)], [Span(0, 0, 2, 0), Span(1, 5, 7, 0)]
    ),
    "everything is marked by all": Continuum(9, (0, 1), (), [Span(0, 0, 9, 0), Span(1, 0, 9, 0)]),
}


@pytest.mark.parametrize("continuum", UNDEFINED.values(), ids=UNDEFINED.keys())
def test_where_nothing_or_all_is_said_alike_the_figures_are_undefined(continuum):
    agreement = measure(continuum)

    assert (agreement.u_alpha, agreement.relevance_alpha, agreement.cu_alpha) == (None, None, None)
    assert {(code.alpha, code.ku_alpha) for code in agreement.codes} == {(None, None)}


def test_without_transcripts_or_without_codes_the_figures_are_undefined():
    assert measure().u_alpha is None
    assert measure(Continuum(5, (0, 1)), n_codes=0).codes == ()


def test_what_a_coder_did_not_read_is_missing_and_not_a_gap():
    spans = [Span(0, 2, 6, 0), Span(0, 14, 18, 0), Span(1, 3, 6, 0)]
    both_read_half = Continuum(20, (0,), [Stretch(1, 0, 10)], spans)
    half = Continuum(10, (0, 1), (), [spans[0], spans[2]])

    assert_same(measure(both_read_half), measure(half))
    assert measure(Continuum(20, (0, 1), (), spans)).u_alpha < measure(half).u_alpha


def test_what_is_marked_outside_what_a_coder_read_does_not_count():
    inside = Continuum(20, (0,), [Stretch(1, 0, 10)], [Span(0, 2, 12, 0), Span(1, 4, 10, 0)])
    beyond = replace(inside, spans=[Span(0, 2, 12, 0), Span(1, 4, 13, 0), Span(1, 15, 17, 1)])

    assert_same(measure(beyond), measure(inside))


def test_coders_who_mark_at_random_have_an_alpha_about_0():
    # 0 but for chance, and but for the ends of a transcript, where everybody marks less.
    rng = np.random.default_rng(20261124)
    drawn = rng.integers(0, [200, N_CODES], size=(2000, 3, 4, 2))
    continua = [
        Continuum(
            220,
            (0, 1, 2),
            (),
            [
                Span(c, at, at + 20, code)
                for c, spans in enumerate(of_one.tolist())
                for at, code in spans
            ],
        )
        for of_one in drawn
    ]

    agreement = measure(*continua)

    assert abs(agreement.cu_alpha) < 0.02
    assert all(abs(code.alpha) < 0.03 for code in agreement.codes)


def test_more_codes_than_bits_in_a_word_are_told_apart():
    spans = [
        Span(0, 0, 4, 3),
        Span(0, 0, 4, 99),
        Span(1, 0, 4, 3),
        Span(1, 0, 4, 67),
        Span(0, 6, 8, 67),
    ]

    sets = measure(Continuum(12, (0, 1), (), spans), n_codes=100)
    few = [span._replace(code={3: 0, 99: 1, 67: 2}[span.code]) for span in spans]

    assert sets.u_alpha == pytest.approx(measure(Continuum(12, (0, 1), (), few)).u_alpha)
    assert sets.codes[99].share == pytest.approx(4 / 24)


def test_many_sets_of_codes_are_compared_in_blocks(monkeypatch, book_example):
    at_once = measure(book_example, n_codes=8)
    monkeypatch.setattr(unitizing, "N_SETS_AT_ONCE", 3)

    assert_same(measure(book_example, n_codes=8), at_once)


def test_wrong_spans_and_stretches_are_all_named():
    wrong = Continuum(
        9,
        stretches=[Stretch(0, 3, 12)],
        spans=[Span(0, 4, 4, 0), Span(0, 0, 2, 0), Span(1, 0, 2, 7)],
    )

    with pytest.raises(ValueError, match="stretch 0 of transcript 1") as error:
        cut_into_sections([Continuum(4), wrong], n_codes=2)
    assert "span 0 of transcript 1 is [4, 4) of 9 with code 0" in str(error.value)
    assert "span 2 of transcript 1 is [0, 2) of 9 with code 7" in str(error.value)
    assert "span 1" not in str(error.value)
