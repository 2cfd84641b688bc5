"""Recordings: played to who has the interview, and nothing else is reached; all is synthetic."""

import pytest
import sqlalchemy as sa

from review.audio import MEDIA_TYPES, find_recording
from study import tables as t

SOUND = bytes(range(256)) * 4


@pytest.fixture
def folder(filled_study):
    (filled_study.folder / "audio").mkdir()
    return filled_study.folder / "audio"


@pytest.fixture
def sound(folder):
    (folder / "D1.mp3").write_bytes(SOUND)
    return folder / "D1.mp3"


@pytest.fixture
def listen(page):
    return lambda interview_id, **headers: page.client.get(
        f"/api/audio/{interview_id}", headers=headers
    )


def test_a_recording_is_given_whole_and_kept_by_no_browser(sound, listen):
    answer = listen(1)

    assert answer.content == SOUND
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["accept-ranges"] == "bytes"
    assert "content-disposition" not in answer.headers


def test_a_stretch_of_a_recording_is_given(sound, listen):
    answer = listen(1, Range="bytes=256-511")

    assert answer.status_code == 206
    assert answer.content == bytes(range(256))
    assert answer.headers["content-range"] == "bytes 256-511/1024"


def test_the_screen_tells_where_the_recording_is(sound, page):
    assert page.screen(2)["audio"] == "/api/audio/1"
    assert page.screen(7)["audio"] is None


@pytest.mark.parametrize(("suffix", "media_type"), MEDIA_TYPES.items())
def test_each_kind_of_recording_says_what_it_is(folder, listen, suffix, media_type):
    (folder / f"D1{suffix.upper()}").write_bytes(SOUND)

    assert listen(1).headers["content-type"] == media_type


def test_an_interview_without_a_recording_has_none(folder, listen):
    answer = listen(1)

    assert answer.status_code == 404
    assert (
        answer.json()["error"] == "404: there is no recording of interview 1 in the folder 'audio'."
    )


def test_a_study_without_the_folder_has_no_recordings(page, listen):
    assert listen(1).status_code == 404
    assert page.screen(2)["audio"] is None


def test_an_interview_that_is_not_in_the_coders_queue_is_not_played(sound, page, listen):
    with page.study.database.write() as connection:
        connection.execute(sa.delete(t.queue_item).where(t.queue_item.c.interview_id == 1))

    answer = listen(1)

    assert answer.status_code == 404
    assert answer.json()["error"] == "404: interview 1 is not in your queue."


@pytest.mark.parametrize("interview_id", ["0", "-1", "D1", "..%2F..%2Fstudy.db", "999"])
def test_nothing_but_an_interview_is_asked_for(sound, listen, interview_id):
    answer = listen(interview_id)

    assert answer.status_code in (404, 422)
    assert str(sound.parent) not in answer.text


def test_a_link_out_of_the_folder_is_not_followed(filled_study, folder):
    secret = filled_study.folder / "elsewhere.mp3"
    secret.write_bytes(b"synthetic")
    (folder / "D1.mp3").symlink_to(secret)
    (folder / "E1.mp3").symlink_to(folder / "E1.mp3")
    (folder / "F1.mp3").mkdir()

    assert [find_recording(filled_study.folder, label) for label in ("D1", "E1", "F1")] == [
        None,
        None,
        None,
    ]


def test_the_folder_itself_may_lie_on_another_disk(filled_study, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "D1.mp3").write_bytes(SOUND)
    (filled_study.folder / "audio").symlink_to(disk)

    assert find_recording(filled_study.folder, "D1") == filled_study.folder / "audio" / "D1.mp3"


@pytest.mark.parametrize(
    "label", ["../D1", "sub/D1", "/D1", "", "..", "D1\0", "D1/", "x" * 5000, "C:\\D1"]
)
def test_a_label_that_is_no_name_of_a_file_finds_nothing(filled_study, folder, label):
    (filled_study.folder / "D1.mp3").write_bytes(SOUND)
    (folder / "sub").mkdir()
    (folder / "sub" / "D1.mp3").write_bytes(SOUND)

    assert find_recording(filled_study.folder, label) is None
