"""Facts about what makes the service ask for a run; every file here is made up."""

import os

import pytest

from pipeline.watch import InboxWatch, list_settled
from study.folder import Study, create_study
from study.settings import Settings


class FakeApi:
    """Counts what it is asked for; deaf as long as it is told to be."""

    def __init__(self):
        self.n_asked = 0
        self.is_deaf = False

    def request_run(self):
        """Take a request."""
        if self.is_deaf:
            raise OSError("nobody answers")
        self.n_asked += 1
        return "a-run"


@pytest.fixture
def api():
    return FakeApi()


@pytest.fixture
def empty(tmp_path, now):
    study = create_study(tmp_path / "s", Settings(settle_seconds=0), now=now)
    yield study
    study.database.close()


@pytest.fixture
def watch(empty, api):
    return InboxWatch(empty, api, seen=list_settled(empty))


def put(study, name, text="words"):
    path = study.folder / name
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", ["inbox/a.txt", "interviews.csv", "gazetteer.csv"])
def test_new_file_is_asked_for_once(empty, api, watch, name):
    put(empty, name)

    assert [watch.look(), watch.look()] == [True, False]
    assert api.n_asked == 1


def test_changed_file_is_asked_for_again(empty, api, watch):
    path = put(empty, "inbox/a.txt")
    watch.look()
    path.write_text("more words")

    assert watch.look()


def test_file_that_goes_asks_for_nothing_and_is_new_when_it_comes_back(empty, api, watch):
    path = put(empty, "inbox/a.txt")
    facts = path.stat()
    watch.look()

    path.unlink()
    gone = watch.look()
    put(empty, "inbox/a.txt")
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    assert [gone, watch.look()] == [False, True]


def test_unheard_request_is_made_again(empty, api, watch):
    put(empty, "inbox/a.txt")
    api.is_deaf = True
    unheard = watch.look()
    api.is_deaf = False

    assert [unheard, watch.look()] == [False, True]


def test_request_waits_until_the_run_that_is_on_has_ended(empty, api, watch):
    put(empty, "inbox/a.txt")
    with empty.lock():
        during = watch.look()

    assert [during, watch.look()] == [False, True]


def test_file_that_is_still_written_to_and_files_of_no_interest_are_left_alone(empty, api):
    settings = empty.settings.model_copy(update={"settle_seconds": 3600})
    slow = Study(empty.folder, settings, empty.database)
    put(empty, "inbox/a.txt")
    put(empty, "notes.txt")
    os.utime(put(empty, "inbox/b.txt"), (0, 0))

    assert {file.name for file in list_settled(slow)} == {"inbox/b.txt"}
    assert {file.name for file in list_settled(empty)} == {"inbox/a.txt", "inbox/b.txt"}
