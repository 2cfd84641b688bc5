"""Facts about what is given to proposers as examples; every word here is synthetic."""

from pipeline.learning.examples import list_examples


def texts(examples):
    return [each.text for each in examples]


def keys(made, example):
    by_guid = {code.guid: code.key for code in made.book.codes}
    return sorted(by_guid[guid] for guid in example.codes)


def test_finished_excerpts_are_examples_with_the_codes_that_anybody_gave(made_here):
    made_here.add(
        "I1",
        {"anna": ["trust", "", None], "bram": ["change", "", None]},
        texts=["a .", "b .", "c ."],
    )

    first, second = list_examples(made_here.study, without=frozenset())

    assert (first.text, keys(made_here, first)) == ("a .", ["change", "trust"])
    assert (second.text, second.codes) == ("b .", ())


def test_interviews_that_are_left_out_give_no_example(made_here):
    made_here.add("I1", {"anna": ["trust"]}, texts=["a ."])
    made_here.add("I2", {"anna": ["trust"]}, texts=["b ."])

    found = list_examples(made_here.study, without=frozenset({made_here.row_of("I1")}))

    assert texts(found) == ["b ."]


def test_interview_that_is_not_cut_yet_gives_no_example(made_here):
    made_here.add("I1", {"anna": ["trust"]}, texts=["a ."], is_segmenting=True)

    assert list_examples(made_here.study, without=frozenset()) == []


def test_excerpt_that_was_only_begun_on_the_page_is_no_example(made_here):
    made_here.add("I1", texts=["a .", "b ."])
    made_here.suggest()
    made_here.decide("I1", 0, "add trust")
    made_here.code("I1", 1, "change")

    found = list_examples(made_here.study, without=frozenset())

    assert texts(found) == ["b ."]
