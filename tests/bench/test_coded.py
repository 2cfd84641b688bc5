from pathlib import Path

from bench.coded import number_labels, number_roles, read_data, read_texts
from models.passages import NOBODY


def test_interviews_of_one_participant_are_one_group(write_coded):
    rows = [("a", "tree", "one", []), ("b", "stone", "one", []), ("c", "river", "one", [])]
    participants = {"a": "P1", "b": "P1", "c": ""}

    data = read_data(*write_coded(rows, ["plain"], participants=participants))

    assert data.interviews == ("a", "b", "c")
    assert data.groups == ("participant P1", "participant P1", "interview c")


def test_label_is_what_at_least_half_of_the_coders_gave(write_coded):
    rows = [
        ("a", "tree", "one", ["plain"]),
        ("a", "tree", "two", []),
        ("a", "stone", "one", []),
        ("a", "stone", "two", []),
    ]

    data = read_data(*write_coded(rows, ["plain"]))

    assert data.texts == ("tree", "stone")
    assert data.labels[:, 0].tolist() == [True, False]


def test_what_a_coder_did_not_see_is_not_a_no(write_coded):
    rows = [("a", "tree", "one", []), ("a", "tree", "two", []), ("a", "stone", "one", ["plain"])]

    data = read_data(*write_coded(rows, ["plain"]))

    assert data.ratings[0, :, 0].tolist() == [0, 1]
    assert data.ratings[1, 0, 0] == 0
    assert data.ratings[1, 1, 0] != data.ratings[1, 1, 0]


def test_texts_are_read_once_each_without_a_codebook(write_coded):
    rows = [("a", "tree", "one", ["plain"]), ("b", "tree", "one", []), ("b", "stone", "one", [])]

    path, codebook = write_coded(rows, ["other"])
    Path(codebook).unlink()

    assert read_texts(path) == ["tree", "stone"]


def test_speakers_are_read_and_may_be_missing(write_coded):
    rows = [("a", "tree", "one", []), ("a", "stone", "one", [])]

    named = read_data(*write_coded(rows, ["plain"], speakers=("I", " P ")))
    unnamed = read_data(*write_coded(rows, ["plain"]))

    assert named.speakers == ("I", "P")
    assert unnamed.speakers == ("", "")


def test_labels_of_half_of_the_interviews_are_roles():
    speakers = ["I", "P", "I", "P", "I", "Kim", "I", "Lou"]

    roles = number_roles(speakers, ["a", "a", "b", "b", "c", "c", "d", "d"])

    assert roles.tolist() == [0, 1, 0, 1, 0, NOBODY, 0, NOBODY]


def test_who_has_no_label_or_a_name_is_nobody():
    interviews = [f"i{number // 2}" for number in range(800)]

    unnamed = number_roles([""] * 800, interviews)
    names = number_roles([f"name {number}" for number in range(800)], interviews)

    assert set(unnamed) == set(names) == {NOBODY}


def test_equal_labels_have_equal_numbers():
    assert number_labels(["b", "a", "b"]).tolist() == [1, 0, 1]
