"""Facts about coded CSV files; every text here is synthetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.transcripts.coded_csv import COLUMNS, read_coded_csv, write_coded_csv
from study.codings import CodedRow
from study.errors import InputError

HEADER = ",".join(COLUMNS)
KEYS = ("trust", "change")


def row(line="d,I1,e0,0,participant,Synthetic words.,anna,trust"):
    return line


@pytest.fixture
def read(tmp_path):
    def read_text(text, keys=KEYS):
        path = tmp_path / "coded.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_coded_csv(path, keys)

    return read_text


def offenders(read, text):
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value.offenders


def test_interview_holds_its_excerpts_in_order_and_each_coders_codes(read):
    text = f"{HEADER}\nd,I1,e1,1,p,Second.,anna,trust;change\nd,I1,e0,0,i,First?,anna,\n"

    (interview,) = read(text)

    assert [excerpt.text for excerpt in interview.excerpts] == ["First?", "Second."]
    assert [coding.keys for coding in interview.codings] == [("trust", "change"), ()]


def test_byte_order_mark_is_no_part_of_the_first_column(read):
    (interview,) = read(b"\xef\xbb\xbf" + f"{HEADER}\n{row()}\n".encode())

    assert interview.dataset == "d"


def test_missing_columns_are_named_in_one_line(read):
    found = offenders(read, "dataset,interview_id,text\nd,I1,Words\n")

    assert found == (
        "coded.csv:1: missing columns: excerpt_id, order, speaker, coder, codes. "
        f"Expected: {', '.join(COLUMNS)}.",
    )


@pytest.mark.parametrize(("mark", "name"), [(";", "a semicolon"), ("\t", "a tab")])
def test_other_separator_is_told_apart_from_missing_columns(read, mark, name):
    (found,) = offenders(read, HEADER.replace(",", mark) + "\n")

    assert f"parted by {name}" in found


def test_duplicate_row_names_both_lines(read):
    (found,) = offenders(read, f"{HEADER}\n{row()}\n{row()}\n")

    assert found.startswith("coded.csv:3: excerpt 'e0' by coder 'anna' stands on line 2 already")


def test_unknown_code_is_named_once_with_its_count(read):
    text = f"{HEADER}\nd,I1,e0,0,p,A.,anna,trst\nd,I1,e1,1,p,B.,anna,trst;change\n"

    assert offenders(read, text) == (
        "coded.csv:2: code 'trst' is not in the codebook (2 rows). Add it there, or mend it here.",
    )


def test_broken_encoding_names_line_and_byte(read):
    (found,) = offenders(read, f"{HEADER}\n{row()}\n".encode() + b"d,I1,e1,1,p,caf\xe9,anna,\n")

    assert found.startswith("coded.csv:3: byte 0xE9 is not UTF-8.")


def test_nul_byte_is_refused(read):
    (found,) = offenders(read, f"{HEADER}\nd,I1,e0,0,p,a\0b,anna,\n")

    assert found.startswith("coded.csv:2: a NUL byte")


def test_unclosed_quote_is_refused(read):
    (found,) = offenders(read, f'{HEADER}\nd,I1,e0,0,p,"never closed,anna,\n')

    assert "not readable as CSV" in found


def test_file_without_rows_is_refused(read):
    (found,) = offenders(read, HEADER + "\n")

    assert "no rows" in found


def test_empty_file_is_refused(read):
    (found,) = offenders(read, "")

    assert "missing columns" in found


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("d,I1,e0,0,p,Too,many,cells,anna,", "10 cells where the header has 8"),
        ("d,,e0,0,p,Text,anna,", "interview_id is empty"),
        ("d,I1,e0,first,p,Text,anna,", "order is 'first'"),
        ("d,I1,e0,-1,p,Text,anna,", "order is '-1'"),
        ("d,I1,e0,0,p,Text,anna,trust;trust", "a code is named twice in 'trust;trust'"),
    ],
)
def test_bad_row_is_named_by_its_line(read, line, message):
    (found,) = offenders(read, f"{HEADER}\nd,I9,x,0,p,Fine.,anna,\n{line}\n")

    assert found.startswith("coded.csv:3: ")
    assert message in found


def test_row_after_a_text_of_several_lines_is_named_by_its_own_line(read):
    text = f'{HEADER}\nd,I1,e0,0,p,"one\ntwo\nthree",anna,\nd,I1,e1,x,p,B,anna,\n'

    (found,) = offenders(read, text)

    assert found.startswith("coded.csv:5: ")


def test_excerpt_with_two_texts_is_refused_without_showing_either(read):
    text = f"{HEADER}\n{row()}\nd,I1,e0,0,participant,Other secret words.,bram,\n"

    (found,) = offenders(read, text)

    assert "has another text than on line 2" in found
    assert "secret" not in found


def test_two_excerpts_with_one_order_are_refused(read):
    text = f"{HEADER}\n{row()}\nd,I1,e1,0,participant,Words.,anna,\n"

    (found,) = offenders(read, text)

    assert "excerpt 'e1' has order 0, as has 'e0' on line 2" in found


def test_unknown_language_is_refused(read):
    (found,) = offenders(read, f"{HEADER},language\n{row()},Dutch\n")

    assert "language is 'Dutch'" in found


def test_column_named_twice_is_refused(read):
    (found,) = offenders(read, f"{HEADER},text\n{row()},again\n")

    assert "columns named twice: text" in found


def test_many_offenders_are_cut_short_and_counted(read):
    lines = "\n".join(f"d,I1,e{n},x,p,T,anna," for n in range(30))

    found = offenders(read, f"{HEADER}\n{lines}\n")

    assert len(found) == 21
    assert found[-1] == "coded.csv: and 10 more like these."


names = st.text(st.characters(codec="utf-8", exclude_characters="\0;"), min_size=1).filter(
    lambda text: text.strip() == text
)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(st.lists(st.tuples(names, texts, st.sets(st.sampled_from(KEYS))), min_size=1, max_size=5))
def test_what_is_written_is_read_back(tmp_path_factory, cells):
    rows = [
        CodedRow("d", f"I{n}", label, 0, "p", text, "anna", tuple(sorted(keys)), None, "nl")
        for n, (label, text, keys) in enumerate(cells)
    ]
    path = tmp_path_factory.mktemp("written") / "coded.csv"
    path.write_text(write_coded_csv(rows), encoding="utf-8", newline="")

    interviews = read_coded_csv(path, KEYS)

    assert [i.excerpts[0].text for i in interviews] == [r.text for r in rows]
    assert [i.excerpts[0].label for i in interviews] == [r.excerpt for r in rows]
    assert [i.codings[0].keys for i in interviews] == [r.keys for r in rows]
    assert {i.language for i in interviews} == {"nl"}
