"""study.toml says which database is the study's; the environment says how it is reached."""

import pytest
import sqlalchemy as sa

from study.address import VARIABLE, find_address
from study.errors import StudyError
from study.folder import create_study, open_study
from study.settings import Settings, make_settings, read_settings, save_setting
from tests.study.synthetic import NOW

HERE = "postgresql://somebody@db.example/study"
WITH_PASSWORD = "postgresql://somebody:invented-secret@db.example/study"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "study.db"


def text_of(url):
    return url.render_as_string(hide_password=False)


def test_study_without_an_address_is_in_its_folder(file):
    assert find_address(file, Settings()).database == str(file)


def test_empty_address_is_none():
    assert Settings(database_url="") == Settings()


@pytest.mark.parametrize("kind", ["postgres", "postgresql", "postgresql+psycopg"])
def test_address_may_be_written_as_hosts_hand_it_out(file, kind):
    url = find_address(file, Settings(database_url=f"{kind}://somebody@db.example/study"))

    assert text_of(url) == "postgresql+psycopg://somebody@db.example/study"


def test_environment_adds_the_password(file, monkeypatch):
    monkeypatch.setenv(VARIABLE, WITH_PASSWORD)

    assert find_address(file, Settings(database_url=HERE)).password == "invented-secret"


@pytest.mark.parametrize(
    "other",
    [
        "postgresql://somebody@db.example/other",
        "postgresql://somebody@elsewhere.example/study",
        "postgresql://somebody@/study?host=/var/run/postgresql",
        "sqlite:///study.db",
    ],
)
def test_environment_never_puts_another_database_in_the_studys_place(file, monkeypatch, other):
    monkeypatch.setenv(VARIABLE, other)

    with pytest.raises(StudyError, match="names another database than 'database_url'"):
        find_address(file, Settings(database_url=HERE))


def test_other_ports_are_other_databases(file, monkeypatch):
    monkeypatch.setenv(VARIABLE, "postgresql://somebody@db.example:6432/study")
    named = Settings(database_url="postgresql://somebody@db.example:5432/study")

    with pytest.raises(StudyError, match="names another database"):
        find_address(file, named)


def test_what_study_toml_leaves_unsaid_the_environment_says(file, monkeypatch):
    monkeypatch.setenv(VARIABLE, "postgresql://somebody@elsewhere.example:6432/study")

    found = find_address(file, Settings(database_url="postgresql:///study"))

    assert (found.host, found.port) == ("elsewhere.example", 6432)


def test_environment_does_not_hide_the_database_in_the_folder(file, monkeypatch):
    monkeypatch.setenv(VARIABLE, HERE)
    file.touch()

    with pytest.raises(StudyError, match=r"is in its folder's study\.db\. Unset it, or move"):
        find_address(file, Settings())


def test_empty_variable_is_none(file, monkeypatch):
    monkeypatch.setenv(VARIABLE, "")
    file.touch()

    assert find_address(file, Settings()).database == str(file)


@pytest.mark.parametrize("url", ["invented-secret", "mysql://a:invented-secret@b/c"])
def test_address_that_is_none_is_not_shown(file, monkeypatch, url):
    monkeypatch.setenv(VARIABLE, url)

    with pytest.raises(StudyError, match="cannot be used: expected something like") as caught:
        find_address(file, Settings(database_url=HERE))

    assert "invented-secret" not in str(caught.value)


def test_settings_do_not_show_their_address():
    assert "invented-secret" not in repr(Settings(database_url=WITH_PASSWORD))


def test_misspelt_setting_does_not_show_the_password_in_it():
    with pytest.raises(StudyError, match=r"databse_url = .*somebody:…@db\.example") as caught:
        make_settings({"databse_url": WITH_PASSWORD})

    assert "invented-secret" not in str(caught.value)


def test_address_that_is_taken_away_leaves_every_other_line(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(f"# ours\ndatabase_url = '{HERE}'\nname = 'Mine'\n", encoding="utf-8")

    save_setting(path, "database_url", None)

    assert path.read_text(encoding="utf-8") == "# ours\ndatabase_url = \"\"\nname = 'Mine'\n"
    assert read_settings(path).database_url is None


@pytest.fixture
def given(postgresql, monkeypatch):
    """The address of an empty database, in the environment and with a password."""
    with postgresql.database_url(is_empty=True) as text:
        url = sa.make_url(text)
        # The tests' own server asks for none and takes any.
        url = url if url.password else url.set(password="invented-secret")
        monkeypatch.setenv(VARIABLE, text_of(url))
        yield url


def test_new_study_keeps_the_address_of_the_environment_without_its_password(given, tmp_path):
    study = create_study(tmp_path / "study", Settings(), now=NOW)
    study.database.close()

    again = open_study(study.folder)
    again.database.close()

    named = sa.make_url(again.settings.database_url)
    assert again.database.url == given
    assert (named.database, named.password) == (given.database, None)
    assert not (study.folder / "study.db").exists()


def test_database_without_a_study_is_not_taken_for_the_folders_own(given, tmp_path):
    study = create_study(tmp_path / "study", Settings(), now=NOW)
    study.database.close()
    save_setting(study.folder / "study.toml", "database_url", None)
    with study.database.write() as connection:
        connection.exec_driver_sql("TRUNCATE study")
    study.database.close()

    with pytest.raises(StudyError, match=r"holds no study yet.*themeloop copy"):
        open_study(study.folder)


def test_database_of_another_study_is_not_taken_for_the_folders_own(given, tmp_path):
    one = create_study(tmp_path / "one", Settings(), now=NOW)
    one.database.close()

    with pytest.raises(StudyError, match="holds another study"):
        create_study(tmp_path / "other", Settings(), now=NOW)
    (tmp_path / "other" / "study.toml").write_text("", encoding="utf-8")
    with pytest.raises(StudyError, match="holds another study than this folder's"):
        open_study(tmp_path / "other")
