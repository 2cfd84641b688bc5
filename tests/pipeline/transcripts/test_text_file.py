"""Facts about encodings; every text here is synthetic."""

import pytest

TEXT = "I: Hoe was het café?\nP: Geïnteresseerd, één \u201cja\u201d – zei ze.\nI: Mooi.\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
     ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32"), ("cp1252", "Windows-1252"),
     ("mac_roman", "Mac Roman")],
)  # fmt: skip
def test_encoding_is_found_and_told(read, encoding, told):
    transcript = read(TEXT.encode(encoding))

    assert transcript.turns[1].text == "Geïnteresseerd, één \u201cja\u201d – zei ze."
    assert [note for note in transcript.notes if "encoding" in note] == (
        [] if told is None else [n for n in transcript.notes if told in n]
    )


@pytest.mark.parametrize(("encoding", "told"), [("latin-1", "Windows-1252"), ("cp850", "DOS")])
def test_old_encodings_are_found(read, encoding, told):
    transcript = read("I: Hoe was het café?\nP: Geïnteresseerd, één keer.\n".encode(encoding))

    assert transcript.turns[1].text == "Geïnteresseerd, één keer."
    assert told in transcript.notes[0]


def test_other_scripts_are_left_to_the_detector(read):
    text = "I: Как прошёл день в школе сегодня?\nP: Хорошо, всё было выдумано для проверки.\n"

    transcript = read(text.encode("cp1251"))

    assert transcript.turns[1].text == "Хорошо, всё было выдумано для проверки."


def test_stray_bytes_in_utf_8_do_not_spoil_the_rest(read):
    transcript = read("I: café één\nP: geïnteresseerd X\n".encode().replace(b"X", b"\xe9\xe9n"))

    assert [turn.text for turn in transcript.turns] == ["café één", "geïnteresseerd één"]
    assert transcript.notes[0].startswith("2 bytes are not UTF-8")


def test_broken_utf_16_is_told(read):
    content = ("I: ja en nee en ja en nee en weer\n" * 20).encode("utf-16") + b"\x00\xd8"

    assert any("could not be read as UTF-16" in note for note in read(content).notes)


def test_utf_16_that_is_all_broken_is_refused(refuse):
    assert "no text file" in refuse(b"\xff\xfe" + b"\x00\xdc" * 50)


def test_nul_byte_in_a_text_is_refused(refuse):
    assert "no text file" in refuse("I: ja\0nee en zo verder, heel lang\n" * 5)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\v", "\n\n", "\u2029", "\x85"])
def test_every_line_end_parts_lines(read, end):
    transcript = read(f"I: Ja?{end}P: Nee.{end}en zo{end}I: O.")

    assert [turn.text for turn in transcript.turns] == ["Ja?", "Nee.\nen zo", "O."]
