"""Codebook versions are stored once per content, and read back as they were."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from codebook.reader import read_codebook
from codebook.shipped import shipped_codebook_path
from study import tables as t
from study.codebooks import current_codebook, store_codebook
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
