"""What goes wrong at the edges of a study, said in one line."""


class ThemeloopError(Exception):
    """Say what is wrong, with which value, and what to do; never any interview text."""


class StudyError(ThemeloopError):
    """The study's folder, settings or database cannot be used as they are.

    Args:
        english: A sentence; the page looks it up in the reader's language.
        values: What goes into its {places}.
    """

    def __init__(self, english: str = "", /, **values: object) -> None:
        super().__init__(english.format(**values) if values else english)
        self.english = english
        self.values = values


class InputError(ThemeloopError):
    """A file that a person gave cannot be taken in; lists every offender, one a line."""

    def __init__(self, offenders: list[str]) -> None:
        super().__init__("\n".join(offenders))
        self.offenders = tuple(offenders)
