"""The SYNTHETIC sample study: ten invented interviews as files, and two invented coders' work."""

import os
import shutil
from pathlib import Path

import themeloop
from codebook.reader import read_codebook
from codebook.shipped import shipped_codebook_path
from pipeline.identifying.gazetteer import GAZETTEER
from pipeline.intake.arrivals import INBOX, hash_name
from pipeline.intake.interviews import FILE_NAME
from pipeline.intake.place_excerpts import place_excerpts
from pipeline.transcripts.coded_csv import read_coded_csv
from study.clock import utc_now
from study.codebooks import store_codebook
from study.coded_file import take_in
from study.errors import StudyError
from study.folder import SETTINGS_FILE, Study, create_study, open_study
from study.inbox_files import read_file_notes
from study.name_key import make_identity
from study.settings import make_settings
from study.stance import CODING_RELIABILITY
from study.transcripts import list_transcripts

NAME = "Sample study (synthetic)"


def open_sample(folder: Path) -> Study:
    """Open the sample study in a folder, made there if there is none.

    Raises:
        StudyError: The folder holds another study.
    """
    if (folder / SETTINGS_FILE).exists():
        study = open_study(folder)
        if not study.settings.is_synthetic or study.settings.name != NAME:
            raise StudyError(f"{folder} is a study of its own: themeloop up --study {folder}")
    else:
        # It is there to show what the figures look like.
        settings = make_settings(
            {
                "name": NAME,
                "is_synthetic": True,
                "stance": CODING_RELIABILITY,
                # Whoever looks at it for the first time is alone with it.
                "open_without_password": True,
            }
        )
        study = create_study(folder, settings, now=utc_now())
        make_identity(study, _free_key_file(folder.absolute()))
    with study.database.write() as connection:
        store_codebook(connection, read_codebook(shipped_codebook_path()), now=utc_now())
    for name in (GAZETTEER, FILE_NAME):
        if not (folder / name).exists():
            shutil.copyfile(sample_folder() / name, folder / name)
    _fill_inbox(study)
    return study


def import_sample_codings(study: Study) -> None:
    """Take in what the two invented coders coded, of the interviews that were taken in."""
    codebook = read_codebook(shipped_codebook_path())
    coded = read_coded_csv(sample_folder() / "codings.csv", codebook.by_key)
    with study.database.read() as connection:
        there = {transcript.interview for transcript in list_transcripts(connection)}
    interviews = [interview for interview in coded if interview.label in there]
    take_in(study, interviews, codebook, is_segmenting=False, now=utc_now(), place=place_excerpts)


def sample_folder() -> Path:
    """Find the sample study's files: inside the installed package, or beside it in a checkout."""
    package = Path(themeloop.__file__).parent
    packed = package / "sample"
    return packed if packed.exists() else package.parent / "data"


def _free_key_file(folder: Path) -> Path:
    # Never that of an earlier study: what it opens may still be somewhere.
    number, path = 1, folder.with_name(f"{folder.name}.key")
    while path.exists():
        number += 1
        path = folder.with_name(f"{folder.name}-{number}.key")
    return path


def _fill_inbox(study: Study) -> None:
    with study.database.read() as connection:
        seen = read_file_notes(connection)
    for file in sorted((sample_folder() / "interviews").iterdir()):
        target = study.folder / INBOX / file.name
        if hash_name(study, file.name) not in seen and not target.exists():
            draft = target.with_name(f".{file.name}.part")
            # With the time at which it was last written: it is whole, and need not be waited for.
            shutil.copy2(file, draft)
            os.replace(draft, target)
