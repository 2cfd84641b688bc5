"""All data here are synthetic: words drawn at random."""

from pathlib import Path

import numpy as np
import pytest

from bench import methods, quality, tables
from bench.coded import read_data
from bench.figures import describe_people, measure_people, measured_codes
from models.agreement import human_agreement

KEYS = ("plain", "noise", "rare")
METHODS = ["majority", "tfidf", "embedding", "similarity", "themeloop"]
SHARED = Path(__file__).parents[3] / "shared" / "data"


def without_seconds(figures):
    rows = figures["methods"].values()
    return [{key: value for key, value in row.items() if key != "seconds"} for row in rows]


def test_json_has_every_method_and_figure(write_coded, make_rows, figures):
    printed = figures(*write_coded(make_rows(6), KEYS))

    assert (printed["data"], printed["excerpts"], printed["interviews"]) == ("made", 240, 6)
    assert (printed["codes"], printed["codes_measured"], printed["human"]) == (3, 2, None)
    assert (printed["folds"], printed["seeds"]) == (5, 3)
    assert list(printed["methods"]) == METHODS
    for row in printed["methods"].values():
        assert {"macro_f1", "kappa", "map", "hit1", "rec3", "seconds", "range"} <= set(row)
        assert row["range"]["map"][0] <= row["map"] <= row["range"]["map"][1]


def test_same_input_gives_the_same_figures(write_coded, make_rows, figures):
    files = write_coded(make_rows(6), KEYS)

    assert without_seconds(figures(*files)) == without_seconds(figures(*files))


def test_every_method_is_measured_on_the_same_codes(write_coded, make_rows, figures, monkeypatch):
    measured = []

    def listen(data, scores, given, codes, people):
        measured.append(list(codes))
        return real(data, scores, given, codes, people)

    real = quality.measure
    monkeypatch.setattr(quality, "measure", listen)
    figures(*write_coded(make_rows(6), KEYS), "--seeds", 1)

    assert measured == [[0, 1]] * len(METHODS)


def test_a_word_that_says_the_code_is_learnt(write_coded, make_rows, figures):
    rows = [(*row[:3], [key for key in row[3] if key == "plain"]) for row in make_rows(6)]

    printed = figures(*write_coded(rows, ["plain"]))

    assert printed["methods"]["tfidf"]["macro_f1"] > 0.95
    assert printed["methods"]["tfidf"]["kappa"] > 0.95


def test_a_code_that_nothing_says_is_not_learnt(write_coded, make_rows, figures):
    rows = [(*row[:3], [key for key in row[3] if key == "noise"]) for row in make_rows(8, 100)]

    printed = figures(*write_coded(rows, ["noise"]))

    for method in METHODS:
        assert abs(printed["methods"][method]["kappa"]) < 0.1


def test_a_word_of_one_interview_does_not_help_to_code_that_interview(
    write_coded, make_rows, figures
):
    # Every excerpt of half of the interviews has the code: known only to who saw the interview.
    rows = [
        (interview, f"{text} only{interview}", coder, ["whole"] if interview in "i0i2i4" else [])
        for interview, text, coder, _ in make_rows(6)
    ]

    printed = figures(*write_coded(rows, ["whole"]))

    assert printed["methods"]["tfidf"]["kappa"] < 0.1


def test_fewer_than_five_interviews_are_left_out_one_by_one(write_coded, make_rows, figures):
    assert figures(*write_coded(make_rows(4), KEYS), "--seeds", 1)["folds"] == 4


def test_one_interview_is_one_error_line(write_coded, make_rows, run_quality):
    result = run_quality(*write_coded(make_rows(1), KEYS))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: All 40 excerpts are of one interview or participant")
    assert result.stderr.count("\n") == 1


def test_bad_input_is_named_without_its_words(write_coded, make_rows, run_quality):
    result = run_quality(*write_coded(make_rows(2), ["plain", "rare"]), "--json")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "code 'noise' is not in the codebook" in result.stderr
    assert not any(word in result.stderr for word in ("river", "Traceback"))


def test_folds_are_written_one_row_an_interview_and_seed(write_coded, make_rows, figures, tmp_path):
    files = write_coded(make_rows(6), KEYS)

    figures(*files, "--seeds", 2, "--folds", tmp_path / "folds.csv")

    header, *lines = (tmp_path / "folds.csv").read_text(encoding="utf-8").splitlines()
    assert header == "interview_id,seed,fold"
    assert sorted(line.rsplit(",", 1)[0] for line in lines) == sorted(
        f"i{interview},{seed}" for interview in range(6) for seed in range(2)
    )


def test_a_folds_file_that_cannot_be_written_is_one_error_line(
    write_coded, make_rows, run_quality, tmp_path
):
    files = write_coded(make_rows(2, 3), KEYS)

    result = run_quality(*files, "--folds", tmp_path / "nowhere" / "folds.csv")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "cannot be written" in result.stderr


def test_without_enough_positives_figures_are_null_with_a_note(write_coded, figures):
    rows = [("a", "one two", "one", ["plain"]), ("b", "three", "one", [])]

    printed = figures(*write_coded(rows, ["plain"]))

    assert printed["codes_measured"] == 0
    assert printed["note"].startswith("No code has 15 positive excerpts")
    for row in printed["methods"].values():
        assert [row[name] for name in ("macro_f1", "kappa", "map", "hit1", "rec3")] == [None] * 5


def test_nothing_coded_and_no_word_said_twice_is_no_crash(write_coded, run_quality):
    rows = [("a", "tree", "one", []), ("b", "", "one", []), ("c", "stone", "one", [])]

    result = run_quality(*write_coded(rows, KEYS))

    assert result.exit_code == 0, result.output
    assert "no excerpt has two coders" in result.stdout


def test_a_code_that_every_excerpt_has_is_no_crash(write_coded, make_rows, figures):
    rows = [(*row[:3], ["plain"]) for row in make_rows(3, 10)]

    majority = figures(*write_coded(rows, ["plain"]))["methods"]["majority"]

    assert (majority["macro_f1"], majority["kappa"], majority["hit1"]) == (1, 0, 1)


def test_the_table_says_what_quality_does_not_tell(write_coded, make_rows, run_quality):
    result = run_quality(*write_coded(make_rows(3), KEYS), "--seeds", 1)

    assert result.exit_code == 0, result.output
    assert all(f"\n{method} " in result.stdout for method in METHODS)
    assert "says little about other interviews, languages or codebooks" in result.stdout


def test_the_product_decides_by_its_own_rule(write_coded, make_rows, figures, monkeypatch):
    files = write_coded(make_rows(3), KEYS)

    usual = figures(*files, "--seeds", 1)["methods"]
    monkeypatch.setattr(methods, "thresholds_of", lambda _classifier: np.full(3, np.inf))
    unusual = figures(*files, "--seeds", 1)["methods"]

    assert usual["themeloop"]["macro_f1"] > unusual["themeloop"]["macro_f1"] == 0
    assert usual["themeloop"]["map"] == unusual["themeloop"]["map"]
    assert usual["similarity"]["macro_f1"] == unusual["similarity"]["macro_f1"]


def test_the_product_says_how_far_its_probabilities_are_right(write_coded, make_rows, figures):
    row = figures(*write_coded(make_rows(6), KEYS), "--seeds", 2)["methods"]["themeloop"]

    assert 0 <= row["ece"] < 0.3
    assert 0 <= row["ece_all"] < 0.1
    assert row["range"]["ece"][0] <= row["ece"] <= row["range"]["ece"][1]
    assert all(0 <= each["right"] <= 1 for each in row["reliability"])
    assert all(each["low"] <= each["said"] <= each["high"] for each in row["reliability"])
    assert {
        key: sum(ways.values()) for key, ways in row["methods_chosen"].items()
    } == dict.fromkeys(KEYS, 10)


def test_only_the_product_has_probabilities_and_a_curve(write_coded, make_rows, figures):
    rows = figures(*write_coded(make_rows(3, 10), KEYS), "--seeds", 1, "--draws", 1)["methods"]

    assert [name for name, row in rows.items() if "ece" in row or "curve" in row] == ["themeloop"]


def test_the_curve_has_every_doubling_that_leaves_an_interview(write_coded, make_rows, figures):
    files = write_coded(make_rows(6), KEYS)

    row = figures(*files, "--seeds", 1, "--draws", 2)["methods"]["themeloop"]

    assert [point["interviews"] for point in row["curve"]] == [2, 4]
    assert [point["measured_on"] for point in row["curve"]] == [4, 2]
    for point in row["curve"]:
        assert point["share_of_full"] == pytest.approx(point["map"] / row["map"], abs=1e-4)
        assert {"map", "macro_f1", "rec3"} <= set(point["range"])


@pytest.mark.parametrize(("n_interviews", "sizes"), [(2, []), (3, [2])])
def test_few_interviews_have_a_short_curve(write_coded, make_rows, figures, n_interviews, sizes):
    files = write_coded(make_rows(n_interviews, 10), KEYS)

    row = figures(*files, "--seeds", 1, "--draws", 1)["methods"]["themeloop"]

    assert [point["interviews"] for point in row["curve"]] == sizes


def test_two_interviews_have_no_probabilities_and_no_crash(write_coded, make_rows, run_quality):
    result = run_quality(*write_coded(make_rows(2), KEYS), "--seeds", 1)

    assert result.exit_code == 0, result.output
    assert "expected calibration error - of what it proposes" in result.stdout


def test_the_table_shows_probabilities_and_curve(write_coded, make_rows, run_quality):
    result = run_quality(*write_coded(make_rows(5), KEYS), "--seeds", 1, "--draws", 1)

    assert "ways chosen, over codes and folds: " in result.stdout
    assert "\n2 (3)  " in result.stdout
    assert "share of full" in result.stdout


def test_each_distinct_text_is_encoded_once_an_encoder(
    write_coded, make_rows, figures, fake_encoder
):
    rows = make_rows(2, 10)
    figures(*write_coded([*rows, *rows], KEYS))

    texts = {text for _, text, _, _ in rows}
    assert sorted(fake_encoder.heard) == sorted(
        [*texts, *texts, *(f"{key}. About {key}." for key in KEYS)]
    )


def test_interviews_in_two_languages_are_scored_apart(write_coded, make_rows, figures):
    languages = {"i0": "nl", "i1": "en", "i2": "en"}

    printed = figures(*write_coded(make_rows(3), KEYS, languages=languages), "--seeds", 1)

    assert printed["methods"]["themeloop"]["map"] > 0


@pytest.fixture
def coded_twice(make_rows):
    """Rows of which a second coder left off the codes in one excerpt of five."""
    rng = np.random.default_rng(3)
    rows = []
    for interview, text, coder, codes in make_rows(5):
        rows.append((interview, text, coder, codes))
        rows.append((interview, text, "two", codes if rng.random() < 0.8 else []))
    return rows


def test_two_coders_agree_with_each_other_and_the_machine_takes_their_place(
    write_coded, coded_twice, figures
):
    printed = figures(*write_coded(coded_twice, KEYS), "--seeds", 1)

    assert printed["human"]["excerpts"] == 200
    assert 0.6 < printed["human"]["kappa"] < 0.9
    assert 0 < printed["methods"]["tfidf"]["kappa_in_place"] < 0.9
    assert printed["methods"]["majority"]["kappa_in_place"] == 0


def test_a_methods_share_is_of_what_coders_reach_on_the_measured_codes(
    write_coded, coded_twice, figures
):
    printed = figures(*write_coded(coded_twice, KEYS), "--seeds", 1)

    human, tfidf = printed["human"], printed["methods"]["tfidf"]
    on_measured = human["measured_codes"]
    assert printed["codes_measured"] < printed["codes"]
    assert on_measured["kappa"] != human["kappa"]
    assert tfidf["share_of_left_out_pairwise"] == pytest.approx(
        tfidf["kappa_in_place"] / on_measured["kappa"], abs=1e-3
    )
    assert tfidf["share_of_left_out_majority"] == pytest.approx(
        tfidf["kappa_left_out"] / on_measured["left_out"]["kappa"], abs=1e-3
    )
    assert (human["left_out"]["coders"], human["left_out"]["excerpts"]) == (2, 200)
    assert printed["methods"]["majority"]["share_of_left_out_majority"] == 0


def test_the_table_says_what_people_reach_and_what_is_compared(
    write_coded, coded_twice, run_quality
):
    result = run_quality(*write_coded(coded_twice, KEYS), "--seeds", 1)

    assert "one coder against the majority of the others, all codes: kappa 0." in result.stdout
    assert "\ncoders " in result.stdout
    assert "over the measured codes and the excerpts of several coders" in result.stdout


def is_nothing(figures):
    columns = [name for name in tables.PLACE_COLUMNS if name != "kappa_in_place"]
    return all(row[name] is None for row in figures["methods"].values() for name in columns)


def test_with_one_coder_nothing_is_compared_with_people(
    write_coded, make_rows, figures, run_quality
):
    files = write_coded(make_rows(3, 20), KEYS)

    printed = figures(*files, "--seeds", 1)

    assert printed["human"] is None
    assert is_nothing(printed)
    assert "no excerpt has two coders, so no method can take" in run_quality(*files).stdout


def test_coders_who_share_no_excerpt_are_not_compared(write_coded, make_rows, figures):
    rows = [
        (each[0], each[1], "two" if each[0] > "i2" else "one", each[3]) for each in make_rows(5)
    ]

    printed = figures(*write_coded(rows, KEYS), "--seeds", 1)

    assert (printed["coders"], printed["human"]) == (2, None)
    assert is_nothing(printed)


def test_a_code_that_all_coders_always_give_has_no_kappa(
    write_coded, make_rows, figures, run_quality
):
    rows = [
        (interview, text, coder, ["plain"])
        for interview, text, _, _ in make_rows(3, 10)
        for coder in ("one", "two")
    ]
    files = write_coded(rows, ["plain"])

    printed = figures(*files, "--seeds", 1)

    assert printed["human"]["kappa"] is None
    assert printed["human"]["left_out"] == {"kappa": None, "coders": 0, "excerpts": 0}
    assert is_nothing(printed)
    assert "undefined, coders alike gave a code" in run_quality(*files).stdout


@pytest.mark.parametrize(("second", "kappa"), [(["plain"], None), ([], 0)])
def test_two_coders_with_one_shared_excerpt_are_no_crash(
    write_coded, make_rows, figures, run_quality, second, kappa
):
    first, *others = make_rows(3, 20)
    rows = [(*first[:3], ["plain"]), (*first[:2], "two", second), *others]
    files = write_coded(rows, KEYS)

    printed = figures(*files, "--seeds", 1)

    assert (printed["human"]["excerpts"], printed["human"]["left_out"]["kappa"]) == (1, kappa)
    assert printed["methods"]["tfidf"]["share_of_left_out_majority"] is None
    assert not any(word in run_quality(*files, "--json").output for word in ("NaN", "Traceback"))


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is not on this machine")
def test_people_agree_on_annomi_as_known():
    data = read_data(SHARED / "annomi.csv", SHARED / "annomi.codebook.yaml")

    human = human_agreement(data.ratings)
    codes = measured_codes(data.labels)
    described = describe_people(data.ratings, measure_people(data.ratings, codes))

    # shared/facts/quality.md, "Protocol".
    assert (round(human.kappa, 3), round(human.alpha, 3)) == (0.436, 0.455)
    assert (len(data.texts), len(set(data.interviews))) == (9699, 133)
    # The same, "Human comparison"; all ten codes are measured.
    assert len(codes) == 10
    assert described["kappa"] == described["measured_codes"]["kappa"] == 0.4359
    assert described["left_out"] == described["measured_codes"]["left_out"]
    assert described["left_out"] == {"kappa": 0.5064, "coders": 10, "excerpts": 428}
