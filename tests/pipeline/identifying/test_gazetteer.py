"""The list of names; every name here is synthetic."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.identifying.gazetteer import (
    Entry,
    Gazetteer,
    add_to_gazetteer,
    empty_gazetteer,
    read_gazetteer,
    write_gazetteer,
)
from study.errors import InputError

HEADER = "name,category,participant,also\n"


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "gazetteer.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def offenders_of(path):
    with pytest.raises(InputError) as raised:
        read_gazetteer(path)
    return raised.value.offenders


def test_an_absent_and_an_empty_file_know_no_names(tmp_path, write):
    assert read_gazetteer(tmp_path / "absent.csv") == empty_gazetteer() == Gazetteer()
    assert read_gazetteer(write("\n")) == Gazetteer()


def test_each_row_is_an_entry(write):
    path = write(
        "name,category,participant,also,match,note\r\n"
        "Sanne de Vries,CHILD,P1,San; Sannie|Sansan,,seen\r\n"
        "\r\n"
        "Hoop,KEEP,,,Exact\r\n"
    )

    assert read_gazetteer(path).entries == (
        Entry("Sanne de Vries", "CHILD", "P1", ("San", "Sannie", "Sansan")),
        Entry("Hoop", "KEEP", is_exact=True),
    )


def test_every_offender_is_told_with_its_line(write):
    path = write(
        "name,category,participant,also,match\n"
        "Anouk,child,,,\n"
        ",CHILD,,,\n"
        "Sjoerd,CHILD,P1,,\n"
        "sjoerd,FATHER,p1,,\n"
        "Bram,CHILD,,,loose\n"
    )

    assert [line.split(" ")[0] for line in offenders_of(path)] == [
        f"gazetteer.csv:{line}:" for line in (2, 3, 5, 6)
    ]
    assert "line 4 in another category" in offenders_of(path)[2]


def test_no_message_shows_a_name(write):
    rows = "Zyxander,Zyxander,,\nZyxander,CHILD,,\n" + "Zyxander,x,,\n" * 30

    shown = "\n".join(offenders_of(write(HEADER + rows)))

    assert "yxander" not in shown
    assert "and 42 more like these" in shown


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,category\nBram,CHILD\n", ":1: missing columns: participant, also."),
        ("name,name,category,participant,also\n", ":1: columns named twice: name."),
        (HEADER + "Bram,CHILD,,,,\n", ":2: more cells than the header has."),
        (HEADER + '"Bram"x,CHILD,,\n', ":2: not readable as CSV"),
        (HEADER.encode() + b"Ren\xe9,CHILD,,\n", ":2: byte 0xE9 is not UTF-8."),
        (HEADER + "Br\0am,CHILD,,\n", ":2: a NUL byte"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused(write, content, said):
    assert said in offenders_of(write(content))[0]


def test_a_row_that_stops_early_has_nothing_in_the_rest(write):
    assert read_gazetteer(write(HEADER + "Bram,CHILD\n")).entries == (Entry("Bram", "CHILD"),)


def test_the_same_name_may_be_of_two_participants(write):
    gazetteer = read_gazetteer(write(HEADER + "Bram,CHILD,P1,\nBram,FATHER,P2,\nBram,UNCLE,,\n"))

    assert [entry.category for entry in gazetteer.of("p1")] == ["CHILD"]
    assert [entry.category for entry in gazetteer.of("P2")] == ["FATHER"]
    assert [entry.category for entry in gazetteer.of("P3")] == ["UNCLE"]
    assert [entry.category for entry in gazetteer.of(None)] == ["UNCLE"]


def test_an_entry_is_added_below_what_people_wrote(write):
    content = b"\xef\xbb\xbfalso,note,name,category,participant\r\n,seen,Bram,CHILD,P1"
    path = write(content)

    assert add_to_gazetteer(path, Entry("Lelie, De", "SCHOOL", also=("Lelie",)))

    assert path.read_bytes() == content + b'\r\nLelie,,"Lelie, De",SCHOOL,\r\n'
    assert read_gazetteer(path).entries[1] == Entry("Lelie, De", "SCHOOL", also=("Lelie",))


def test_an_added_file_is_its_owners_alone(tmp_path):
    path = tmp_path / "gazetteer.csv"

    assert add_to_gazetteer(path, Entry("Bram", "CHILD"))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_adding_an_entry_twice_is_adding_it_once(write):
    path = write(HEADER)

    assert add_to_gazetteer(path, Entry("Bram", "CHILD"))
    assert not add_to_gazetteer(path, Entry("Bram", "CHILD"))

    assert path.read_text() == HEADER + "Bram,CHILD,,\n"


def test_an_exact_entry_brings_the_column_for_it(write):
    path = write(HEADER + "Bram,CHILD\n")

    add_to_gazetteer(path, Entry("Hoop", "CHILD", is_exact=True))

    assert path.read_text().splitlines() == [
        "name,category,participant,also,match",
        "Bram,CHILD,,,",
        "Hoop,CHILD,,,exact",
    ]


@pytest.mark.parametrize("entry", [Entry("Bram", "FATHER"), Entry("", "CHILD"), Entry("x", "y")])
def test_an_entry_that_does_not_fit_changes_nothing(write, entry):
    path = write(HEADER + "Bram,CHILD,,\n")

    with pytest.raises(InputError):
        add_to_gazetteer(path, entry)

    assert path.read_text() == HEADER + "Bram,CHILD,,\n"


def test_a_write_that_fails_leaves_nothing_behind(tmp_path):
    path = tmp_path / "gazetteer.csv"

    with pytest.raises(UnicodeEncodeError):
        write_gazetteer(path, [Entry("\ud800", "CHILD")])

    assert list(tmp_path.iterdir()) == []


NAMES = st.text(st.characters(codec="utf-8", categories=["L", "Nd", "Zs"]), min_size=1).map(
    lambda name: "a" + name.strip()
)


@given(
    st.lists(
        st.builds(
            Entry,
            name=NAMES,
            category=st.from_regex("[A-Z][A-Z_]{0,5}", fullmatch=True),
            participant=st.none() | NAMES,
            also=st.lists(NAMES, max_size=2).map(tuple),
            is_exact=st.booleans(),
        ),
        max_size=4,
        unique_by=lambda entry: entry.participant,
    )
)
def test_what_is_written_is_read_back(tmp_path, entries):
    path = tmp_path / "written.csv"

    write_gazetteer(path, entries)

    assert read_gazetteer(path).entries == tuple(entries)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_spreadsheets_part_cells_as_they_like(tmp_path, mark):
    path = tmp_path / "gazetteer.csv"
    path.write_text(mark.join(["name", "category", "participant", "also"]) + "\n")

    add_to_gazetteer(path, Entry("Synthetica", "CHILD", also=("Syn", "Tica")))
    add_to_gazetteer(path, Entry("Hoop", "CHILD", is_exact=True))

    entries = read_gazetteer(path).entries
    assert [entry.name for entry in entries] == ["Synthetica", "Hoop"]
    assert entries[0].also == ("Syn", "Tica")
    assert entries[1].is_exact


def test_file_that_cannot_be_opened_is_told_in_a_line(tmp_path):
    (tmp_path / "gazetteer.csv").mkdir()

    with pytest.raises(InputError, match=r"gazetteer.csv cannot be read: Is a directory"):
        read_gazetteer(tmp_path / "gazetteer.csv")
