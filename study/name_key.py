"""The key to the pseudonyms: written for a person who keeps its identity apart, never read here.

Each line of the file is one age message (base64) to the study's recipient. The pipeline holds the
recipient only, so it can write the key and cannot read it.
"""

import base64
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from study.errors import StudyError
from study.folder import Study

KEY_FILE, RECIPIENT = "pseudonym-key", "pseudonym-recipient"
HEADER = (
    "# This file opens the key to a themeloop study's pseudonyms: whoever holds it can read the\n"
    "# real names. Keep it apart from the study; themeloop does not need it to run.\n"
)


@dataclass(frozen=True)
class KeyRecord:
    """Which name a pseudonym stands for, in the interviews of one participant."""

    participant: str
    pseudonym: str
    name: str


def make_identity(study: Study, identity_file: Path) -> None:
    """Make a study's key pair: the identity into a file of its own, the recipient into the study.

    Raises:
        StudyError: The file exists, lies in the study, or cannot be written.
    """
    from pyrage import x25519  # noqa: PLC0415 - only who writes or reads the key needs it

    if study.folder.absolute() in identity_file.absolute().parents:
        raise StudyError(f"{identity_file} lies in the study. Keep the key file apart from it.")
    identity = x25519.Identity.generate()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(identity_file, flags, 0o600), "w", encoding="ascii") as file:
            file.write(f"{HEADER}{identity}\n")
    except OSError as error:
        raise StudyError(
            f"The key file {identity_file} cannot be made: {error.strerror}. Name another with "
            "--key-file."
        ) from error
    recipient = study.folder / "secrets" / RECIPIENT
    recipient.write_text(str(identity.to_public()), encoding="ascii")


def append_to_key(study: Study, records: Sequence[KeyRecord]) -> None:
    """Add names to the key; a study without a recipient keeps none."""
    recipient_file = study.folder / "secrets" / RECIPIENT
    if not records or not recipient_file.exists():
        return
    from pyrage import encrypt, x25519  # noqa: PLC0415 - see make_identity

    recipient = x25519.Recipient.from_str(recipient_file.read_text(encoding="ascii").strip())
    plain = json.dumps([asdict(record) for record in records]).encode()
    line = base64.b64encode(encrypt(plain, [recipient])) + b"\n"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(os.open(study.folder / "secrets" / KEY_FILE, flags, 0o600), "ab") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def read_key(study: Study, identity_file: Path) -> list[KeyRecord]:
    """Read the key with the identity that opens it; the latest name of a pseudonym counts.

    Raises:
        StudyError: The file is no identity, or not this study's.
    """
    from pyrage import DecryptError, IdentityError, decrypt, x25519  # noqa: PLC0415

    try:
        lines = identity_file.read_text(encoding="ascii").splitlines()
        identity = x25519.Identity.from_str(next(line for line in lines if line[:1] not in "#"))
    except (OSError, UnicodeDecodeError, StopIteration, IdentityError) as error:
        raise StudyError(
            f"{identity_file} is not a key file that 'themeloop init' made."
        ) from error
    records: dict[tuple[str, str], KeyRecord] = {}
    path = study.folder / "secrets" / KEY_FILE
    for number, line in enumerate(path.read_bytes().splitlines() if path.exists() else [], 1):
        try:
            found = json.loads(decrypt(base64.b64decode(line), [identity]))
        except (DecryptError, ValueError) as error:
            raise StudyError(
                f"{identity_file} does not open line {number} of this study's key: it is another "
                "study's, or the line is damaged."
            ) from error
        records |= {(r["participant"], r["pseudonym"]): KeyRecord(**r) for r in found}
    return list(records.values())
