"""Facts about the key to the pseudonyms; every name here is synthetic."""

import pytest

from study.errors import StudyError
from study.name_key import KEY_FILE, KeyRecord, append_to_key, make_identity, read_key

DAAN = KeyRecord("P1", "[CHILD_1]", "Daan Synthetisch")


@pytest.fixture
def identity(study, tmp_path):
    path = tmp_path / "apart.key"
    make_identity(study, path)
    return path


def key_file(study):
    return study.folder / "secrets" / KEY_FILE


def test_key_is_opened_by_the_identity_only(study, identity):
    append_to_key(study, [DAAN])
    append_to_key(study, [KeyRecord("P1", "[TOWN_1]", "Synthetwold")])

    assert read_key(study, identity) == [DAAN, KeyRecord("P1", "[TOWN_1]", "Synthetwold")]
    assert b"Daan" not in key_file(study).read_bytes()


def test_identity_is_nowhere_in_the_study_and_its_owners_only(study, identity):
    secret = identity.read_text().splitlines()[-1].encode()

    assert secret.startswith(b"AGE-SECRET-KEY-")
    files = [path for path in study.folder.rglob("*") if path.is_file()]
    assert [path.name for path in files if secret in path.read_bytes()] == []
    assert identity.stat().st_mode & 0o777 == 0o600


def test_file_says_what_it_is_and_to_keep_it_apart(identity):
    assert "Keep it apart from the study" in identity.read_text()


def test_latest_name_of_a_pseudonym_counts(study, identity):
    append_to_key(study, [KeyRecord("P1", "[CHILD_1]", "daan"), DAAN])

    assert read_key(study, identity) == [DAAN]


def test_study_without_a_key_keeps_no_names(study):
    append_to_key(study, [DAAN])

    assert not key_file(study).exists()


def test_key_of_another_study_is_told_from_this_ones(study, identity, new_study, tmp_path):
    append_to_key(study, [DAAN])
    with new_study() as other:
        make_identity(other, tmp_path / "other.key")

    with pytest.raises(StudyError, match=r"other.key does not open line 1 of this study's key"):
        read_key(study, tmp_path / "other.key")


@pytest.mark.parametrize("content", ["", "# only a comment\n", "not a key\n", "\xff"])
def test_file_that_is_no_key_is_told_in_a_line(study, tmp_path, content):
    wrong = tmp_path / "wrong.key"
    wrong.write_text(content, encoding="latin-1")

    with pytest.raises(StudyError, match=r"wrong.key is not a key file"):
        read_key(study, wrong)


def test_key_file_is_never_overwritten(study, identity):
    with pytest.raises(StudyError, match=r"apart.key cannot be made: File exists"):
        make_identity(study, identity)


def test_key_file_in_the_study_itself_is_refused(study):
    with pytest.raises(StudyError, match="lies in the study"):
        make_identity(study, study.folder / "secrets" / "key")
