"""Codebook versions are stored once per content, and read back as they were."""

from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa

from codebook.reader import parse_codebook, read_codebook
from codebook.shipped import shipped_codebook_path
from study import tables as t
from study.codebooks import current_codebook, read_merging, store_codebook
from study.errors import StudyError
from tests.study.synthetic import CODEBOOK, LATER, NOW


def store(study, codebook, now=NOW):
    with study.database.write() as connection:
        return store_codebook(connection, codebook, now=now)


def read_current(study):
    with study.database.read() as connection:
        return current_codebook(connection)


def code_rows(study):
    with study.database.read() as connection:
        return connection.execute(sa.select(t.code).order_by(t.code.c.id)).all()


def with_definition(text):
    first = CODEBOOK.codes[0]
    wordings = {"en": replace(first.wordings["en"], definition=text)}
    return replace(CODEBOOK, codes=(replace(first, wordings=wordings), *CODEBOOK.codes[1:]))


def test_study_without_a_codebook_says_what_to_do(study):
    with pytest.raises(StudyError, match=r"no codebook yet.*themeloop codebook"):
        read_current(study)


@pytest.mark.parametrize("codebook", [CODEBOOK, read_codebook(shipped_codebook_path())])
def test_codebook_reads_back_as_it_was_stored(study, codebook):
    version_id = store(study, codebook)

    version = read_current(study)

    assert (version.id, version.number) == (version_id, 1)
    assert version.codebook == codebook
    assert list(version.code_ids) == [code.guid for code in codebook.codes]


def test_rows_say_what_the_codebook_says(study):
    store(study, CODEBOOK)

    with study.database.read() as connection:
        keys = dict(connection.execute(sa.select(t.code.c.id, t.code.c.key)).all())
        codes = connection.execute(sa.select(t.code_version).order_by(t.code_version.c.position))
        (arrow,) = connection.execute(sa.select(t.relation))
        drawn_on = connection.scalars(
            sa.select(t.theme_code.c.code_id).order_by(t.theme_code.c.position)
        ).all()
        parents = {keys[row.code_id]: keys.get(row.parent_code_id) for row in codes}

    assert parents == {"trust": None, "verandering": "trust", "sharing": None}
    assert (keys[arrow.source_code_id], arrow.kind, keys[arrow.target_code_id]) == (
        "trust",
        "leads_to",
        "sharing",
    )
    assert [keys[code_id] for code_id in drawn_on] == ["sharing", "trust"]


def test_codebook_stored_twice_is_one_version(study):
    first = store(study, CODEBOOK)

    assert store(study, CODEBOOK, LATER) == first
    assert read_current(study).number == 1


def test_changed_definition_is_a_second_version_of_the_same_codes(study):
    store(study, CODEBOOK)
    rows, code_ids = code_rows(study), read_current(study).code_ids
    changed = with_definition("Synthetic: relying on somebody.")

    store(study, changed)

    version = read_current(study)
    assert (version.number, version.codebook) == (2, changed)
    assert version.code_ids == code_ids
    assert code_rows(study) == rows


def test_code_that_is_left_out_keeps_its_row_and_loses_its_place(study):
    store(study, CODEBOOK)
    rows = code_rows(study)
    smaller = replace(CODEBOOK, codes=CODEBOOK.codes[:1], relations=(), themes=())

    store(study, smaller)

    assert list(read_current(study).code_ids) == [CODEBOOK.codes[0].guid]
    assert code_rows(study) == rows


def test_earlier_codebook_given_again_is_the_newest_again(study):
    store(study, CODEBOOK)
    store(study, with_definition("Synthetic: something else."))

    store(study, CODEBOOK)

    assert read_current(study).codebook == CODEBOOK


def test_code_keeps_its_row_and_takes_its_new_key(study):
    store(study, CODEBOOK)
    before = code_rows(study)
    renamed = replace(CODEBOOK.codes[0], key="renamed")

    store(study, replace(CODEBOOK, codes=(renamed, *CODEBOOK.codes[1:])))

    after = code_rows(study)
    assert [row.id for row in after] == [row.id for row in before]
    assert after[0].key == "renamed"


def test_codebook_that_was_current_before_becomes_a_new_version(study):
    store(study, CODEBOOK)
    store(study, with_definition("something else"))

    store(study, CODEBOOK)

    assert (read_current(study).number, read_current(study).codebook) == (3, CODEBOOK)


def book_of(*codes):
    """Give a synthetic codebook of codes, each "key", "key=old,older" or "key@number=old"."""
    lines = ["codes:"]
    for code in codes:
        name, _, replaced = code.partition("=")
        key, _, number = name.partition("@")
        identity = f"id: {guid_of(number)}, " if number else ""
        lines.append(
            f"- {{{identity}key: {key}, name: {key}, definition: Synthetic., "
            f"replaces: [{replaced}]}}"
        )
    return parse_codebook("\n".join(lines))


def guid_of(number):
    return str(UUID(int=int(number))).upper()


def rows_of(study):
    return {row.key: row.id for row in code_rows(study)}


def merged_in(study):
    """Give what was merged into what, by the keys that codes had last."""
    names = {row: key for key, row in rows_of(study).items()}
    with study.database.read() as connection:
        return {names[old]: names[new] for old, new in read_merging(connection).into.items()}


def test_study_in_which_nothing_was_merged_has_no_merged_codes(study):
    with study.database.read() as connection:
        assert not read_merging(connection).into
    store(study, CODEBOOK)

    assert merged_in(study) == {}


def test_merged_code_is_known_by_its_key_or_its_guid(study):
    store(study, book_of("trust", "click@1", "calm"))

    store(study, book_of(f"trust={guid_of(1)},calm"))

    assert merged_in(study) == {"click": "trust", "calm": "trust"}


def test_chain_of_mergers_is_followed_to_the_newest_codebook(study):
    store(study, book_of("a", "b", "c"))
    store(study, book_of("b=a", "c"))
    store(study, book_of("d=b,c"))

    assert merged_in(study) == {"a": "d", "b": "d", "c": "d"}
    with study.database.read() as connection:
        rows, merging = rows_of(study), read_merging(connection)
    assert merging.parts == {rows["d"]: {rows["b"], rows["c"]}}


def test_merged_code_is_found_by_the_key_it_had_though_it_is_another_codes_now(study):
    store(study, book_of("calm@1", "trust@2"))
    store(study, book_of("quiet@1", "trust@2"))
    store(study, book_of("quiet@1", "bond@3=trust"))
    store(study, book_of("rest@4=calm", "bond@3"))

    assert merged_in(study) == {"quiet": "rest", "trust": "bond"}


def test_merger_stands_though_later_codebooks_do_not_repeat_it(study):
    store(study, book_of("trust", "calm"))
    store(study, book_of("trust=calm"))
    store(study, book_of("trust", "new"))

    assert merged_in(study) == {"calm": "trust"}


def test_replaced_code_that_the_study_never_had_says_nothing(study):
    store(study, book_of(f"trust=never,{guid_of(9)}"))

    assert merged_in(study) == {}


def test_code_whose_old_key_it_says_to_replace_is_not_merged_into_itself(study):
    store(study, book_of("calm@1", "trust"))

    store(study, book_of("rest@1=calm", "trust"))

    assert merged_in(study) == {}
