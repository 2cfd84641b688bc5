"""Finding what identifies people; every text and name here is synthetic."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.identifying.gazetteer import Entry, Gazetteer
from pipeline.identifying.identifiers import Identifier, find_identifiers
from pipeline.identifying.possible_names import describe_limits, possible_names
from pipeline.identifying.speakers import name_in_label
from pipeline.identifying.words import fold_name
from study.records import Span

FAMILY = Gazetteer(
    (
        Entry("Sanne de Vries", "CHILD"),
        Entry("Jan Peter de Vries", "FATHER"),
        Entry("Anne-Marie O'Brien", "AUNT", also=("tante Mies",)),
        Entry("Bram", "BROTHER"),
        Entry("De Regenboog", "SCHOOL"),
        Entry("Arnhem", "TOWN"),
    )
)


def find(text, gazetteer=FAMILY, *, language="nl", **given):
    return [
        (text[each.span.start_char : each.span.end_char], each.category, each.name, each.source)
        for each in find_identifiers(text, gazetteer, language=language, **given)
    ]


def covered(text, gazetteer=FAMILY, **given):
    return [words for words, *_ in find(text, gazetteer, **given)]


def names(text, *entries, **given):
    return [name for _, _, name, _ in find(text, Gazetteer(entries), **given)]


def recogniser_of(*answers):
    """Recognise the first place of each (words, category)."""

    def recognise(text):
        places = [(text.find(words), words, category) for words, category in answers]
        return [(Span(at, at + len(words)), category) for at, words, category in places if at >= 0]

    return recognise


@pytest.mark.parametrize(
    "said",
    ["Sanne de Vries", "SANNE DE VRIES", "sanne  de\nvries", "Sanne\u00a0de\u00a0Vries", "Sanne",
     "sanne", "S. de Vries", "Sanne-de-Vries", "Sanne_de_Vries", "Sanne Vries", "Sänne",
     "Sa\u0301nne", "San\u00adne", "Sannetje", "Sanneke"],
)  # fmt: skip
def test_every_way_to_write_a_name_has_one_name(said):
    assert find(f"Toen ging {said}, gisteren.") == [(said, "CHILD", "sanne de vries", "gazetteer")]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Sannes kamer", "Sanne"),
        ("Sanne's kamer", "Sanne"),
        ("Sanne’s kamer", "Sanne"),
        ("Brams kamer", "Bram"),
        ("Brammetjes kamer", "Brammetje"),
        ("Bram' kamer", "Bram"),
        ("Arnhems stadje", "Arnhem"),
        ("Arnhemse mensen", "Arnhem"),
    ],
)
def test_an_ending_stays_outside_and_a_diminutive_inside(said, name):
    assert covered(f"In {said}") == [name]


@pytest.mark.parametrize(
    ("name", "said"),
    [("Jan", "Jantje"), ("Kees", "Keesje"), ("Bram", "Bramke"), ("Willem", "Willempje"),
     ("Eva", "Evaatje"), ("Romy", "Romy'tje"), ("Tom", "Tommetje")],
)  # fmt: skip
def test_dutch_diminutives_are_the_name(name, said):
    assert covered(f"ons {said} was er", Gazetteer((Entry(name, "CHILD"),))) == [said]


def test_hyphens_spaces_and_apostrophes_stand_for_each_other():
    said = ["Anne Marie", "annemarie", "Anne\u2011Marie", "Anne-\nMarie", "O’Brien", "OBrien"]

    assert covered("; ".join(said)) == said
    assert {name for _, _, name, _ in find("; ".join(said))} == {"anne marie o brien"}


def test_a_shared_surname_is_the_familys_and_a_full_name_is_not():
    text = "mevrouw De Vries, de familie de Vries, Vries en Jan de Vries; zij vries en vriest"

    assert find(text) == [
        ("De Vries", "FAMILY", "de vries", "gazetteer"),
        ("de Vries", "FAMILY", "de vries", "gazetteer"),
        ("Vries", "FAMILY", "de vries", "gazetteer"),
        ("Jan de Vries", "FATHER", "jan peter de vries", "gazetteer"),
    ]


def test_a_shared_first_name_is_nobodys_own():
    alike = [Entry("Jan Smit", "UNCLE"), Entry("Jan Bakker", "UNCLE")]
    other = [Entry("Jan Smit", "UNCLE"), Entry("Jan Bakker", "TEACHER")]

    assert find("en Jan", Gazetteer(tuple(alike)))[0][1:3] == ("UNCLE", "jan")
    assert find("en Jan", Gazetteer(tuple(other)))[0][1:3] == ("PERSON", "jan")
    assert names("Jan", *other, Entry("Jan", "CHILD")) == ["jan"]


def test_places_and_bodies_match_whole():
    assert covered("bij de Regenboog, een regenboog op DE REGENBOOG") == [
        "de Regenboog",
        "DE REGENBOOG",
    ]
    assert covered("naar Sportclub De Kikkers, de kikkers", Gazetteer((
        Entry("Sportclub De Kikkers", "SPORTS_CLUB"),
    ))) == ["Sportclub De Kikkers"]  # fmt: skip


def test_another_name_of_an_entry_is_the_same():
    assert names("Tante Mies en Mies; tante", *FAMILY.entries) == ["anne marie o brien"] * 2


@pytest.mark.parametrize("name", ["Will", "Wil", "Bo", "Van"])
def test_names_like_function_words_match_as_written_only(name):
    entry = Gazetteer((Entry(name, "CHILD"),))
    text = f"{name}, {name.lower()} en {name.upper()}; {name}'s"

    assert covered(text, entry, language="nl" if name != "Will" else "en") == [name, name]


def test_an_exact_entry_matches_as_written_only():
    entry = Gazetteer((Entry("Roos Bakker", "CHILD", is_exact=True),))

    assert covered("Roos zag een roos bij de bakker; roos bakker, Bakker, ROOS", entry) == [
        "Roos",
        "Bakker",
    ]


def test_titles_are_no_part_of_a_name():
    entry = Gazetteer((Entry("oma Riet", "GRANDMOTHER"), Entry("Mevrouw Smit", "TEACHER")))

    assert covered("mevrouw en oma; Riet, oma Riet en juf Smit", entry) == [
        "Riet",
        "oma Riet",
        "Smit",
    ]


def test_a_title_that_stands_last_is_a_surname():
    entry = Gazetteer((Entry("Thomas Young", "UNCLE"), Entry("Jan Pater", "TEACHER")))

    assert covered("Young, Pater, the Youngs", entry, language="en") == ["Young", "Pater", "Young"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("Ömer Y\u0131lmaz", "OMER YILMAZ"), ("Łukasz", "lukasz"), ("Sørensen", "Sorensen"),
     ("Đorđe", "Dorde"), ("Weiß", "WEISS"), ("IJsbrand", "Ĳsbrand")],
)  # fmt: skip
def test_letters_with_a_stroke_are_those_without(name, said):
    assert covered(f"met {said}.", Gazetteer((Entry(name, "X"),))) == [said]


def test_initials_and_double_surnames_are_found():
    entry = Gazetteer((Entry("Jan-Willem Smit-van den Berg", "FATHER"),))
    said = ["Jan-Willem", "Jan Willem Smit-van den Berg", "J. Smit-van den Berg", "Smit", "Berg"]

    assert covered("; ".join(said), entry)[:3] == said[:3]
    assert set(said[3:]) <= set(covered("; ".join(said), entry))


def test_names_are_whole_words():
    assert covered("Bramen, abram, Sannebram en Arnhemmer") == []


def test_names_over_each_other_leave_nothing_bare():
    towns = Gazetteer((Entry("Jan Peter", "TOWN"), Entry("Peter Smit", "TOWN")))

    assert "".join(covered("Jan Peter Smit", towns)).replace(" ", "") == "JanPeterSmit"


def test_entries_of_other_participants_do_not_count():
    gazetteer = Gazetteer(
        (Entry("Bram", "CHILD", "P1"), Entry("Bram", "UNCLE"), Entry("Els", "X", "P2"))
    )

    assert find("Bram en Els", gazetteer, participants=["P1"]) == [
        ("Bram", "CHILD", "bram", "gazetteer")
    ]
    assert covered("Bram en Els", gazetteer) == ["Bram"]


def test_speakers_are_found_by_their_labels():
    speakers = [("Marieke Jansen", "INTERVIEWER"), ("Sanne", "PARTICIPANT"), ("Spreker 2", "OTHER")]

    assert find("Marieke, mevrouw Jansen, Sanne, spreker 2", speakers=speakers) == [
        ("Marieke", "INTERVIEWER", "marieke jansen", "speaker"),
        ("Jansen", "INTERVIEWER", "marieke jansen", "speaker"),
        ("Sanne", "CHILD", "sanne de vries", "gazetteer"),
    ]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Marieke Jansen", "Marieke Jansen"),
        ("Jansen, Marieke", "Marieke Jansen"),
        ("Jansen, M. (Marieke)", "Marieke Jansen"),
        ("Vries, Sanne de", "Sanne de Vries"),
        ("Marieke Jansen (moeder)", "Marieke Jansen"),
        ("Interviewer Marieke:", "Marieke"),
        ("Sanne_de_Vries", "Sanne de Vries"),
        ("MJ", "MJ"),
        ("Interviewer 2", ""),
        ("SPEAKER_00", ""),
        ("S01", ""),
        ("Moeder", ""),
        ("I", ""),
        ("J.", ""),
        ("", ""),
    ],
)
def test_labels_that_name_nobody_give_no_name(label, name):
    assert name_in_label(label) == name


def test_a_shape_takes_the_names_within_it():
    gazetteer = Gazetteer((*FAMILY.entries, Entry("Kerkstraat", "STREET")))
    text = "sanne.devries@school.example, Kerkstraat 12, de Kerkstraat, @sanne en 06-12345678"

    assert [(words, source) for words, _, _, source in find(text, gazetteer)] == [
        ("sanne.devries@school.example", "pattern"),
        ("Kerkstraat 12", "pattern"),
        ("Kerkstraat", "gazetteer"),
        ("@sanne", "pattern"),
        ("06-12345678", "pattern"),
    ]


def test_pseudonyms_are_left_alone_and_remarks_are_read():
    gazetteer = Gazetteer((*FAMILY.entries, Entry("CHILD", "X"), Entry("SPEAKER", "X")))
    text = "[CHILD_1] [SPEAKER_00] [naam kind] [inaudible] [Sanne lacht] [moeder]"

    assert covered(text, gazetteer) == ["Sanne"]


def test_a_word_to_keep_is_no_name():
    gazetteer = Gazetteer(
        (
            Entry("Jan Hoop", "CHILD"),
            Entry("hoop", "KEEP"),
            Entry("Max Verstappen", "KEEP"),
            Entry("Max", "CHILD"),
        )
    )
    recognise = recogniser_of(
        ("Hoop", "PERSON"), ("Max Verstappen", "PERSON"), ("Hoop Smit", "PERSON")
    )

    found = covered(
        "Hoop doet leven. Jan Hoop, Max Verstappen en Max, Hoop Smit",
        gazetteer,
        recognise=recognise,
    )

    assert found == ["Jan Hoop", "Max", "Smit"]


def test_a_recognised_name_is_found_everywhere_as_written():
    recognise = recogniser_of(("Kayleigh Thompson", "PERSON"), ("Leeds", "PLACE"))
    text = "Kayleigh Thompson left Leeds. Kayleigh's mum, Mrs Thompson, and Leeds; kayleighs leeds"

    assert find(text, language="en", recognise=recognise) == [
        ("Kayleigh Thompson", "PERSON", "kayleigh thompson", "recogniser"),
        ("Leeds", "PLACE", "leeds", "recogniser"),
        ("Kayleigh", "PERSON", "kayleigh thompson", "recogniser"),
        ("Thompson", "PERSON", "kayleigh thompson", "recogniser"),
        ("Leeds", "PLACE", "leeds", "recogniser"),
    ]


def test_a_part_that_is_also_an_ordinary_word_is_not_carried_over():
    recognise = recogniser_of(("Rose Young", "PERSON"))

    text = "Rose Young came. Young people, a young man. Rose left."

    assert covered(text, language="en", recognise=recognise) == ["Rose Young", "Rose"]


@pytest.mark.parametrize(
    "words",
    ["Mum", "CPS", "Social Services", "Jeugdzorg", "He", "the Netherlands", "Yeah", "Mrs", "2012",
     "Interviewer", "Monday", "Raad voor de Kinderbescherming", "WhatsApp"],
)  # fmt: skip
def test_roles_and_general_bodies_keep_their_meaning(words):
    text = f"then {words} came"

    assert covered(text, language="en", recognise=recogniser_of((words, "ORGANISATION"))) == []


def test_a_recogniser_is_not_heard_within_brackets_or_over_known_names():
    recognise = recogniser_of(
        ("Tyler", "PERSON"), ("with Sanne Bakker", "PERSON"), ("Mrs Dean\nInterviewer", "PERSON"),
        ("Dean's", "PERSON"),
    )  # fmt: skip
    text = "[Tyler laughs] with Sanne Bakker, Mrs Dean\nInterviewer: Dean's"

    assert covered(text, language="en", recognise=recognise) == ["Sanne", "Bakker", "Dean", "Dean"]


def test_a_name_has_the_category_it_is_most_often_recognised_as():
    def recognise(text):
        return [(Span(0, 4), "PLACE"), (Span(6, 10), "PERSON"), (Span(12, 16), "PERSON")]

    found = find("Demi, Demi, Demi", language="en", recognise=recognise)

    assert [category for _, category, _, _ in found] == ["PERSON"] * 3


def test_an_identifier_does_not_show_its_name():
    assert "sanne" not in repr(find_identifiers("Sanne", FAMILY, language="nl"))


def test_speech_without_identifiers_gives_none():
    text = "Nou, de eerste keer was in 2012. Ze zei: ik kom om 10 uur [lacht], ja toch?"

    assert find_identifiers(text, FAMILY, language="nl") == []
    assert find_identifiers("", FAMILY, language="en") == []


ALPHABET = st.sampled_from("abcdeEèé Sn'’-.,\n[]_0126@ßı\u0301\u00ad")
SOME_WORDS = st.sampled_from(
    ["Sanne", "sannes", "de", "Vries", "[CHILD_1]", "06-12345678", "Kerkstraat 12", "a@b.nl", "Jan",
     "Peter", "geboren op 1 mei 2012", "O'Brien", "bram", "[Sanne]", "Arnhem"]
)  # fmt: skip
TEXTS = st.lists(
    st.one_of(SOME_WORDS, st.text(ALPHABET, max_size=6), st.text(max_size=4)), max_size=12
).map(" ".join)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=4))
def test_identifiers_are_in_order_apart_and_inside_the_text(text, heard):
    def recognise(text):
        spans = [Span(at, min(at + n, len(text))) for at, n in heard if at < len(text)]
        return [(span, "PERSON") for span in spans]

    found = find_identifiers(text, FAMILY, language="nl", recognise=recognise)

    ends = [0, *(each.span.end_char for each in found)]
    assert all(each.span.start_char >= end for each, end in zip(found, ends, strict=False))
    assert all(each.span.start_char < each.span.end_char <= len(text) for each in found)
    assert found == find_identifiers(text, FAMILY, language="nl", recognise=recognise)
    assert all(isinstance(each, Identifier) for each in found)


LETTERS = st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F)
LONG_NAMES = st.lists(st.text(LETTERS, min_size=5, max_size=9), min_size=1, max_size=3)


@given(
    LONG_NAMES,
    st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
    st.sampled_from([" ", "\u00a0", "\n", "  ", "-"]),
    st.sampled_from(["CHILD", "TOWN"]),
    TEXTS,
)
def test_every_whole_word_name_is_covered_in_any_case(words, case, gap, category, around):
    gazetteer = Gazetteer((Entry(" ".join(words), category),))
    said = gap.join(case(word) for word in words)
    # Other cases of some letters are other letters: ŉ, ǰ.
    if fold_name(said) != fold_name(" ".join(words)):
        return
    text = f"{around}. {said}, {around}"

    found = find_identifiers(text, gazetteer, language="nl")

    start = len(around) + 2
    inside = set(range(start, start + len(said)))
    held = {at for each in found for at in range(each.span.start_char, each.span.end_char)}
    assert all(not text[at].isalnum() for at in inside - held)


def test_a_long_text_and_many_names_take_seconds():
    letters = "abcdefghijklmnopqrstuvwxy"
    names = [f"Naam{a}{b} van Voorbeeld{a}" for a in letters[:20] for b in letters]
    entries = tuple(Entry(name, "CHILD") for name in names)
    text = "Toen gingen we met naamab en de anderen naar huis, zei ze tegen Voorbeeldc. " * 6_500
    started = time.perf_counter()

    found = find_identifiers(text, Gazetteer(entries), language="nl")

    assert len(found) == 13_000
    assert time.perf_counter() - started < 15


def possible(text, *entries, language="nl"):
    return possible_names(text, language=language, known=Gazetteer(entries))


def test_words_with_a_capital_inside_a_sentence_may_be_names():
    text = "Toen kwam Sjoerd met Jan van der Berg en O'Brien's zus. Sjoerd zei: Kijk! en Anouks."

    assert possible(text) == [("Sjoerd", 2), ("Anouks", 1), ("Jan van der Berg", 1), ("O'Brien", 1)]


def test_a_word_that_begins_a_sentence_is_listed_unless_it_stands_there_small():
    assert possible("Bakker kwam. Een bakker. Fenna ook. Misschien. Toen.") == [("Fenna", 1)]


def test_what_has_a_capital_by_rule_is_no_name():
    text = "I think on Monday in May CPS and Mum spoke Dutch with [CHILD_1] Jansen, I'm OK, S01"

    assert possible(text, language="en") == [("Jansen", 1)]


def test_known_names_and_words_to_keep_are_not_listed():
    text = "We zagen Sanne en Vries bij De Hoop, ook Tess."

    assert possible(text, Entry("Sanne de Vries", "CHILD"), Entry("De Hoop", "KEEP")) == [
        ("Tess", 1)
    ]
    assert possible("ja Wil", Entry("wil", "KEEP")) == []


def test_a_function_word_with_a_capital_inside_a_sentence_may_be_a_name():
    assert possible("Will he? I saw Will Young.", language="en") == [("Will Young", 1)]


def test_names_in_remarks_are_listed():
    assert possible("ja [zegt Tess] en [naam kind] [TOWN_12]") == [("Tess", 1)]


def test_possible_names_of_different_sentences_are_apart():
    assert possible("ik zag Tess\nFenna zag mij, met Fenna Tess") == [
        ("Fenna Tess", 1),
        ("Tess", 1),
        ("Fenna", 1),
    ]


@pytest.mark.parametrize("has_recogniser", [True, False])
def test_the_limits_of_a_language_are_told(has_recogniser):
    told = describe_limits("nl", has_recogniser)

    assert told.startswith("nl: ")
    assert ("no name recogniser is installed" in told) is not has_recogniser
    assert "list of possible names" in told
    assert "never found" in told
