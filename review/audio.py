"""Plays an interview's recording, where the team put one into the study's folder."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InAddress
from fastapi.responses import FileResponse

from review.desk import AtDesk, Desk
from review.errors import RequestError
from review.sent import RowId
from study.review_queue import list_items
from study.transcripts import label_of

FOLDER = "audio"
MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
    ".webm": "audio/webm",
}


def make_audio_routes() -> APIRouter:
    """Make the route that gives recordings, whole or a stretch of them."""
    router = APIRouter()

    @router.get("/api/audio/{interview_id}")
    def play_interview(desk: AtDesk, interview_id: Annotated[RowId, InAddress()]) -> FileResponse:
        file = find_recording(desk.study.folder, _find_label(desk, interview_id))
        if file is None:
            raise RequestError(
                404,
                "there is no recording of interview {n} in the folder '{folder}'.",
                n=interview_id,
                folder=FOLDER,
            )
        return FileResponse(file, media_type=MEDIA_TYPES[file.suffix.lower()])

    return router


def find_address(study_folder: Path, interview_id: int, label: str) -> str | None:
    """Give where the page finds an interview's recording; None where there is none."""
    has_one = find_recording(study_folder, label) is not None
    return f"/api/audio/{interview_id}" if has_one else None


def find_recording(study_folder: Path, label: str) -> Path | None:
    """Find the recording called like an interview; nothing outside the folder is ever one."""
    folder = study_folder / FOLDER
    # A label may hold whatever a team's file names or tables do.
    if not folder.is_dir() or "\0" in label or Path(f"{label}.x").name != f"{label}.x":
        return None
    root = folder.resolve()
    for suffix in MEDIA_TYPES:
        for name in (f"{label}{suffix}", f"{label}{suffix.upper()}"):
            file = folder / name
            if _is_within(file, root):
                return file
    return None


def _is_within(file: Path, root: Path) -> bool:
    try:
        return file.is_file() and file.resolve(strict=True).parent == root
    except OSError:
        # A link that leads nowhere or to itself, or a name too long to be one.
        return False


def _find_label(desk: Desk, interview_id: int) -> str:
    with desk.study.database.read() as connection:
        if not list_items(connection, desk.coder_id, interview_id):
            raise RequestError(404, "interview {n} is not in your queue.", n=interview_id)
        return label_of(connection, interview_id)
