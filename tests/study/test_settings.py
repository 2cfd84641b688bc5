"""study.toml alone decides, and says everything that is wrong with it."""

import stat
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.errors import StudyError
from study.settings import (
    Settings,
    make_settings,
    read_settings,
    save_setting,
    write_settings,
)
from study.stance import Stance

unicode_text = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)
awkward = st.sampled_from(['"', "\\", '\\"', "'''", '"""', "a\nb", "\r\n", "\x7f", "é 🙂", "# no"])
words = unicode_text | awkward
some_settings = st.builds(
    Settings,
    name=words,
    language=st.sampled_from(["nl", "en", "deu"]),
    is_synthetic=st.booleans(),
    stance=st.sampled_from(get_args(Stance)),
    coder=words,
    encoder=words,
    n_suggestions=st.integers(1, 20),
    min_score=st.floats(-5, 10),
    min_excerpt_words=st.integers(1, 400),
    max_excerpt_words=st.integers(1, 400),
    database_url=st.none() | words,
    page_port=st.integers(1024, 65535),
    prefect_port=st.integers(1024, 65535),
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "study.toml"


@given(some_settings)
def test_settings_that_were_written_read_back_as_they_were(file, settings):
    file.write_text(write_settings(settings), encoding="utf-8")

    assert read_settings(file) == settings


def test_written_settings_explain_every_setting_and_leave_defaults_commented_out():
    written = write_settings(Settings(n_suggestions=5))

    for name, field in Settings.model_fields.items():
        assert f"# {field.description}\n" in written
        assert (f"\n{name} = " in written) == (name == "n_suggestions")


def test_everything_that_is_wrong_is_said_at_once(file):
    lines = ["n_suggestions = 0", "colour = 'red'", "page_port = 80", "langauge = 'nl'"]
    file.write_text("\n".join([*lines, "name = 'Mine'"]), encoding="utf-8")

    with pytest.raises(StudyError) as caught:
        read_settings(file)

    offences = str(caught.value).splitlines()
    assert len(offences) == 4
    assert all(offence.startswith("study.toml: ") for offence in offences)
    assert "n_suggestions = 0" in str(caught.value)
    assert "page_port = 80" in str(caught.value)
    assert "colour = 'red'" in str(caught.value)
    assert "Known settings: name, language" in str(caught.value)


@pytest.mark.parametrize("name", ["_env_file", "_env_prefix", "_cli_parse_args", "__init__"])
def test_setting_whose_name_begins_with_an_underscore_is_unknown_too(name):
    with pytest.raises(StudyError, match=f"{name} = "):
        make_settings({name: ""})


def test_stance_that_is_none_of_the_three_is_refused_with_those_that_are(file):
    file.write_text("stance = 'grounded theory'\n", encoding="utf-8")

    with pytest.raises(StudyError) as caught:
        read_settings(file)

    assert str(caught.value) == (
        "study.toml: stance = 'grounded theory': Input should be '', 'reflexive', 'codebook' or "
        "'coding reliability'. Mend it."
    )


def test_file_that_is_not_toml_is_told_with_the_place(file):
    file.write_text("name = Mine\n", encoding="utf-8")

    with pytest.raises(StudyError, match=r"study\.toml: not readable as TOML: .*line 1"):
        read_settings(file)


def test_file_that_is_not_utf_8_is_told(file):
    file.write_bytes(b"name = 'caf\xe9'\n")

    with pytest.raises(StudyError, match="not readable as TOML"):
        read_settings(file)


@pytest.mark.parametrize("prefix", ["", "THEMELOOP_", "THEMELOOP_UNUSED_", "SETTINGS_"])
def test_environment_variable_changes_nothing(file, monkeypatch, prefix):
    for name in Settings.model_fields:
        monkeypatch.setenv(f"{prefix}{name}".upper(), "1025")
    file.write_text("", encoding="utf-8")

    assert read_settings(file).model_dump() == {
        name: field.default for name, field in Settings.model_fields.items()
    }


def test_settings_do_not_change_once_they_are_made():
    settings = Settings()

    with pytest.raises(ValueError, match="frozen"):
        settings.n_suggestions = 4


@given(some_settings, st.floats(0, 1))
def test_saved_setting_changes_that_setting_alone(file, settings, rate):
    file.write_text(write_settings(settings), encoding="utf-8")

    saved = save_setting(file, "blind_rate", rate)

    assert saved == read_settings(file) == settings.model_copy(update={"blind_rate": rate})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# ours\nblind_rate = 0.1\nname = 'Mine'\n", "# ours\nblind_rate = 0.25\nname = 'Mine'\n"),
        ("# blind_rate = 0.1\nblind_rate=0.3\n", "# blind_rate = 0.1\nblind_rate = 0.25\n"),
        ("# blind_rate = 0.1\n# mine\n", "blind_rate = 0.25\n# mine\n"),
        ("name = 'Mine'", "name = 'Mine'\nblind_rate = 0.25\n"),
    ],
)
def test_every_other_line_stays_as_the_team_wrote_it(file, before, after):
    file.write_text(before, encoding="utf-8")

    save_setting(file, "blind_rate", 0.25)

    assert file.read_text(encoding="utf-8") == after


@pytest.mark.parametrize("name", ["blind_rate = 0.5\n", "blind_rate = "])
def test_what_only_looks_like_the_setting_is_left_in_the_value_that_holds_it(file, name):
    file.write_text(f'name = """\n{name}"""\n', encoding="utf-8")

    save_setting(file, "blind_rate", 0.25)

    assert read_settings(file) == Settings(name=name, blind_rate=0.25)


def test_value_out_of_bounds_is_not_saved(file):
    file.write_text("n_suggestions = 4\n", encoding="utf-8")

    with pytest.raises(StudyError, match=r"study\.toml: blind_rate = 2"):
        save_setting(file, "blind_rate", 2)

    assert file.read_text(encoding="utf-8") == "n_suggestions = 4\n"


def test_settings_that_cannot_be_written_are_told_and_stay(file, monkeypatch):
    def refuse(*_paths):
        raise PermissionError(13, "Permission denied")

    file.write_text("n_suggestions = 4\n", encoding="utf-8")
    monkeypatch.setattr("os.replace", refuse)

    with pytest.raises(StudyError, match=r"cannot be written: Permission denied\. Nothing"):
        save_setting(file, "blind_rate", 0.2)

    assert file.read_text(encoding="utf-8") == "n_suggestions = 4\n"


def test_saved_settings_are_as_private_as_before(file):
    file.write_text("n_suggestions = 4\n", encoding="utf-8")
    file.chmod(0o600)

    save_setting(file, "blind_rate", 0.2)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
