"""What a study team may set, read once from study.toml and passed down."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from study import endpoint_settings as endpoint
from study import page_settings as page
from study import running_settings as running
from study.errors import StudyError
from study.page_keys import read_keys
from study.stance import Stance
from study.whole_files import replace_file

# What stands before the @ of an address, by whatever misspelt name it was set.
PASSWORD = re.compile(r"(://[^:@/\s]*:)\S*@")
Words = Annotated[int, Field(ge=1, le=400)]


class Settings(BaseModel):
    """Every setting of a study, with its bounds."""

    # Not BaseSettings: no environment variable may change a study behind its team's back.
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("A themeloop study", min_length=1, description="What the study is called.")
    language: str = Field(
        "nl",
        pattern="^[a-z]{2,3}$",
        description="Language of interviews that do not say theirs (ISO 639: nl, en).",
    )
    is_synthetic: bool = Field(
        False, description="The interviews are invented; whatever is made from them says so."
    )
    stance: Stance = Field(
        "",
        description="How the study does thematic analysis: reflexive (no figures; suggestions are "
        "called second readings), codebook (agreement starts a discussion) or coding reliability "
        "(all figures); empty: not said, shown as in a codebook study.",
    )
    coder: str = Field(
        "coder", min_length=1, description="Name of the person who reviews on the page."
    )
    encoder: str = Field(
        "multilingual-e5-small",
        min_length=1,
        description="Sentence encoder: a shipped name, a sentence-transformers folder or hub name, "
        "or several joined by '+'.",
    )
    n_suggestions: int = Field(
        3, ge=1, le=20, description="The most codes that may be suggested for one excerpt."
    )
    min_score: float = Field(
        1.0,
        ge=-5,
        le=10,
        description="How far above a code's usual similarity an excerpt must lie to be suggested, "
        "in standard deviations of that code over the study.",
    )
    proposer: str = Field(
        "classifier",
        min_length=1,
        description="What proposes codes: classifier (what was learnt from decisions, a code's "
        "description until then), similarity (descriptions only), endpoint (a language model at "
        "endpoint_url), or the name of a proposer that another package brings.",
    )
    endpoint_url: endpoint.Url = ""
    endpoint_model: endpoint.Model = ""
    endpoint_allow_remote: endpoint.AllowRemote = False
    endpoint_timeout_seconds: endpoint.TimeoutSeconds = 120.0
    generosity: float = Field(
        1.0,
        ge=0.25,
        le=4,
        description="How many times more it counts that a code is found than that a suggestion is "
        "right, once probabilities are known; higher: more suggestions, more of them wrong.",
    )
    learn_after_decisions: int = Field(
        200,
        ge=1,
        le=1_000_000,
        description="So many new decisions there must be before the service learns from them "
        "again.",
    )
    learn_every_days: float = Field(
        1.0,
        ge=0.001,
        le=365,
        description="How often the service looks by the clock whether there is enough to learn "
        "from, in days.",
    )
    queue_order: Literal["transcript", "useful", "code"] = Field(
        "transcript",
        description="In which order an interview's excerpts come to a coder, after those to be "
        "coded blind: transcript (as they were said), useful (those first of which the machine is "
        "least sure) or code (one code at a time, its strongest suggestions first).",
    )
    suggestions_shown: Literal["at once", "after commit"] = Field(
        "at once",
        description="When what is suggested for an excerpt is shown: at once, or after commit (the "
        "coder's own codes first; what was given before and after is stored apart).",
    )
    # Not "keys": dict() would take the settings for a mapping.
    page_keys: str = Field(
        "",
        description="Keys of the page that are others than the usual, as in: unsure = o, undo = z "
        "Backspace; the page lists the commands under 'Keys'.",
    )
    unit: Literal["topic", "sentences", "turn"] = Field(
        "topic",
        description="What an excerpt is: topic (long turns are cut where the topic moves), "
        "sentences (they are cut into whole sentences, all of about the same size) or turn (they "
        "are not cut).",
    )
    min_excerpt_words: Words = Field(
        12, description="Pieces of a turn that are shorter are joined to the piece beside them."
    )
    target_excerpt_words: Words = Field(
        60, description="Longer turns are cut into excerpts of about so many words."
    )
    max_excerpt_words: Words = Field(
        120, description="No excerpt is longer, except where the unit is a turn."
    )
    sentence_pipeline: str = Field(
        "",
        pattern=r"^\w*$",
        description="Installed spaCy pipeline that finds the sentences of interviews in its "
        "language; empty: rules.",
    )
    name_pipelines: str = Field(
        "",
        description="Installed spaCy pipelines that recognise names, tried before those known "
        "here, parted by commas.",
    )
    blind_rate: float = Field(
        0.1,
        ge=0,
        le=1,
        description="Share of an interview's excerpts that are drawn to be coded before any "
        "suggestion of it is shown; agreement is measured on them.",
    )
    blind_run_excerpts: int = Field(
        5, ge=1, le=100, description="Excerpts that are drawn together, one after the other."
    )
    database_url: str | None = Field(
        None,
        # It may hold a password.
        repr=False,
        description="Address of a PostgreSQL database, such as postgresql://user@host/name (its "
        "password in THEMELOOP_DATABASE_URL or ~/.pgpass); empty: study.db in the folder.",
    )
    page_port: int = Field(8640, ge=1024, le=65535, description="Port of the page.")
    page_host: page.Host = "127.0.0.1"
    page_certificate: page.Certificate = ""
    page_certificate_key: page.CertificateKey = ""
    page_address: page.Address = ""
    open_without_password: page.OpenWithoutPassword = False
    prefect_port: int = Field(
        4316, ge=1024, le=65535, description="Loopback port of the Prefect server."
    )
    run_every_minutes: float = Field(
        15.0,
        ge=0.05,
        le=1440,
        description="How often the service looks for new work by the clock, in minutes.",
    )
    evaluate_every_days: float = Field(
        7.0,
        ge=0.001,
        le=365,
        description="How often the service reports agreement by the clock, where there is anything "
        "new to say, in days.",
    )
    task_runner: running.TaskRunner = "one by one"
    task_workers: running.TaskWorkers = 2
    dask_address: running.DaskAddress = ""
    settle_seconds: float = Field(
        5.0,
        ge=0,
        le=3600,
        description="How long nobody may have written to a file in the inbox before it is taken, "
        "in seconds.",
    )

    @property
    def is_on_this_machine(self) -> bool:
        """Tell whether nobody on another machine is meant to reach the page."""
        return page.is_loopback(self.page_host) and not self.page_address

    @property
    def is_encrypted(self) -> bool:
        """Tell whether what goes to and from the page's readers is encrypted."""
        return bool(self.page_address or self.page_certificate)

    @field_validator("database_url")
    @classmethod
    def _read_empty(cls, url: str | None) -> str | None:
        # As write_settings writes that there is none.
        return url or None

    @field_validator("page_keys")
    @classmethod
    def _check_keys(cls, text: str) -> str:
        read_keys(text)
        return text


def read_settings(path: Path) -> Settings:
    """Read study.toml.

    Raises:
        StudyError: Not TOML, an unknown setting, or a value out of bounds; lists all of them.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(f"{path.name}: not readable as TOML: {error}. Mend that line.") from error
    return make_settings(values, source=path.name)


def make_settings(values: Mapping[str, Any], *, source: str = "settings") -> Settings:
    """Check values against their bounds.

    Raises:
        StudyError: An unknown setting or a value out of bounds; lists all of them.
    """
    try:
        return Settings(**values)
    except ValidationError as error:
        raise StudyError("\n".join(_offences(source, error))) from error


def write_settings(settings: Settings) -> str:
    """Write a study.toml that explains each setting; read_settings gives the same back."""
    lines = ["# Settings of this themeloop study. A line starting with # is the default.", ""]
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        mark = "# " if value == field.default else ""
        lines += [f"# {field.description}", f"{mark}{name} = {_toml(value)}", ""]
    return "\n".join(lines)


def save_setting(path: Path, name: str, value: object) -> Settings:
    """Change one setting in study.toml, every other line staying as it is; give all of them.

    Raises:
        StudyError: It cannot be read or written, or the value is out of bounds.
    """
    asked = read_settings(path).model_dump(exclude_defaults=True) | {name: value}
    settings = make_settings(asked, source=path.name)
    try:
        changed = _replace_line(path.read_text(encoding="utf-8"), settings, name)
        replace_file(path, changed)
    except OSError as error:
        raise StudyError(f"{path} cannot be written: {error.strerror}. Nothing changed.") from error
    return settings


def _replace_line(text: str, settings: Settings, name: str) -> str:
    line = f"{name} = {_toml(getattr(settings, name))}"
    changed, n = text, 0
    # The setting itself before its default, which write_settings leaves commented out.
    for start in ("", "#"):
        if not n:
            pattern = rf"^{start}[ \t]*{name}[ \t]*=.*$"
            changed, n = re.subn(pattern, lambda _: line, text, count=1, flags=re.M)
    if not n:
        changed = f"{text.rstrip()}\n{line}\n"
    try:
        is_meant = make_settings(tomllib.loads(changed)) == settings
    except (tomllib.TOMLDecodeError, StudyError):
        is_meant = False
    # What looks like the setting may stand inside another one's value.
    return changed if is_meant else write_settings(settings)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    text = "" if value is None else str(value)
    # TOML's strings are JSON's, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _offences(source: str, error: ValidationError) -> list[str]:
    known = ", ".join(Settings.model_fields)
    offences = []
    for problem in error.errors():
        name = ".".join(str(part) for part in problem["loc"])
        advice = f"Known settings: {known}." if problem["type"] == "extra_forbidden" else "Mend it."
        value = PASSWORD.sub(r"\1…@", repr(problem["input"]))
        offences.append(f"{source}: {name} = {value}: {problem['msg']}. {advice}")
    return offences
