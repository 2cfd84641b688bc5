"""Facts about where the page is served and to whom; every name and password is invented."""

import json
import ssl
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from pipeline.server import find_free_port
from study.accounts import set_password
from study.errors import StudyError
from study.folder import create_study
from study.settings import Settings, read_settings
from tests.fakes import NOW
from themeloop.page import require_guarded, serve_page

PASSWORD = "four words in row"
ADDRESS = "https://coding.example:8443"


@pytest.fixture
def made(tmp_path):
    """Make a study with such settings, in which somebody has a password or nobody has."""
    studies = []

    def make(*, is_known=True, **chosen):
        port = find_free_port(8850)
        folder = tmp_path / f"study-{len(studies)}"
        study = create_study(folder, Settings(page_port=port, **chosen), now=NOW)
        if is_known:
            with study.database.write() as connection:
                set_password(connection, "coder", PASSWORD, now=NOW)
        studies.append(study)
        return study

    yield make
    for study in studies:
        study.database.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A key and a certificate for 127.0.0.1 that nobody else trusts."""
    folder = tmp_path_factory.mktemp("pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=made up"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl makes the certificate, and is not on this machine")
    return {
        "page_certificate": str(folder / "cert.pem"),
        "page_certificate_key": str(folder / "key.pem"),
    }


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "coding.example"])
def test_other_machines_are_let_in_only_with_passwords_and_encryption(made, certificate, host):
    bare = [
        made(page_host=host),
        made(page_host=host, is_known=False, page_address=ADDRESS),
        made(page_host=host, is_known=False, **certificate),
        made(page_host=host, is_known=False, open_without_password=True),
    ]
    guarded = made(page_host=host, page_address=ADDRESS)

    for study in bare:
        with pytest.raises(StudyError, match="lets other machines reach the page: that wants a"):
            require_guarded(study)
    require_guarded(guarded)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_alone_needs_neither(made, host):
    require_guarded(made(page_host=host, is_known=False))


def test_a_page_on_every_address_wants_to_be_told_its_name(made, certificate):
    with pytest.raises(StudyError, match="Say in page_address by which one"):
        require_guarded(made(page_host="0.0.0.0", **certificate))
    require_guarded(made(page_host="192.0.2.7", **certificate))


def test_a_certificate_without_its_key_is_refused(made, certificate):
    study = made(page_certificate=certificate["page_certificate"])

    with pytest.raises(StudyError, match="only one of page_certificate"):
        require_guarded(study)


@pytest.mark.parametrize("name", ["missing.pem", "study.toml"])
def test_a_certificate_that_is_none_is_refused(made, name):
    study = made(page_certificate=name, page_certificate_key=name)

    with pytest.raises(StudyError, match="expected PEM files that belong together"):
        require_guarded(study)


@pytest.mark.parametrize(
    "address",
    ["http://coding.example", "https://a b", "https://me@x", "https://x/path", "coding.example"],
)
def test_an_address_that_is_not_encrypted_or_no_address_is_no_setting(tmp_path, address):
    with pytest.raises(ValueError, match="page_address"):
        Settings(page_address=address)


def test_the_page_is_served_encrypted_with_a_certificate(made, certificate, tmp_path, capsys):
    study = made(**certificate)
    trusting = ssl.create_default_context(cafile=certificate["page_certificate"])

    with (
        (tmp_path / "note").open("w+") as note,
        serve_page(study, note) as page,
        urllib.request.urlopen(f"{page.address}/health", context=trusting) as answer,
    ):
        assert json.load(answer) == {"status": "ok"}

    assert page.address == f"https://127.0.0.1:{study.settings.page_port}"
    assert capsys.readouterr().out == f"Review page: {page.address}\n"


def ask(study, headers, data=None):
    address = f"http://127.0.0.1:{study.settings.page_port}/sign-in"
    request = urllib.request.Request(address, headers=headers, data=data)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_a_proxy_s_address_is_one_of_the_page_s_and_its_forms_are_taken(made, tmp_path):
    study = made(page_address=ADDRESS)
    form = b"name=coder&password=wrong"

    with (tmp_path / "note").open("w+") as note, serve_page(study, note) as page:
        told = [
            ask(study, {"Host": "coding.example"}),
            ask(study, {"Host": "evil.example"}),
            ask(study, {"Host": "coding.example", "Origin": ADDRESS}, form),
            ask(study, {"Origin": ADDRESS}, form),
            ask(study, {"Origin": "https://coding.example:9"}, form),
            ask(study, {"Origin": "https://evil.example"}, form),
        ]

    assert page.address == ADDRESS
    assert told == [200, 400, 401, 401, 403, 403]


def test_the_page_of_others_is_at_its_own_port_or_nowhere(made, tmp_path):
    one = made(page_address=ADDRESS)

    with (tmp_path / "note").open("w+") as note, serve_page(one, note):
        taken = made(page_address=ADDRESS)
        settings = taken.settings.model_copy(update={"page_port": one.settings.page_port})
        other = type(one)(taken.folder, settings, taken.database)
        with pytest.raises(StudyError, match="is taken"), serve_page(other, note):
            pass


def test_where_nobody_can_sign_in_the_command_is_told(made, tmp_path, capsys):
    study = made(is_known=False)

    with (tmp_path / "note").open("w+") as note, serve_page(study, note):
        pass

    line = capsys.readouterr().out.splitlines()[1]
    assert line.startswith("Nobody can sign in yet: themeloop coder password coder --study ")


def test_an_open_study_is_served_without_a_word_of_passwords(made, tmp_path, capsys):
    study = made(is_known=False, open_without_password=True)

    with (tmp_path / "note").open("w+") as note, serve_page(study, note) as page:
        pass

    assert capsys.readouterr().out == f"Review page: {page.address}\n"


def test_new_study_is_told_how_to_get_a_password(themeloop):
    shut = themeloop("init", "--study", "a", "--coder", "anna b", "--no-key").stdout
    is_open = themeloop("init", "--study", "b", "--open-without-password", "--no-key").stdout

    assert "Next: set a password (themeloop coder password 'anna b'), give it a codebook" in shut
    assert "password" not in is_open
    assert read_settings(Path("b/study.toml")).open_without_password
