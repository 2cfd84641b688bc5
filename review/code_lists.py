"""Lists every code by theme, with how often it was given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from review.code_names import NamedCode, name_rows
from review.desk import Desk
from study.standing_codings import CodeCount

NONE = CodeCount()


@dataclass(frozen=True)
class ListedCode:
    """A code with how often this coder gave it; everybody: None unless a lead may see it."""

    code: NamedCode
    own: CodeCount
    everybody: CodeCount | None


@dataclass(frozen=True)
class ListedTheme:
    """The codes of a theme, in the researcher's order."""

    name: str
    idea: str
    codes: tuple[ListedCode, ...]


def list_themes(
    desk: Desk, own: Mapping[int, CodeCount], everybody: Mapping[int, CodeCount] | None
) -> list[ListedTheme]:
    """List the codebook's themes, then codes of no theme, then those that wait for the lead.

    Args:
        own, everybody: How often each code was given, by row.
    """
    version, language, names = desk.codebook(), desk.say.language, name_rows(desk)

    def view(name: str, idea: str, rows: Iterable[int]) -> ListedTheme:
        codes = tuple(_list_code(names[row], row, own, everybody) for row in rows)
        return ListedTheme(name, idea, codes)

    themes = []
    for theme in version.codebook.themes:
        wording = theme.wording(language)
        rows = [version.code_ids[guid] for guid in theme.codes]
        themes.append(view(wording.name, wording.central_idea, rows))
    in_themes = {guid for theme in version.codebook.themes for guid in theme.codes}
    others = [row for guid, row in version.code_ids.items() if guid not in in_themes]
    waiting = [row for row, code in names.items() if code.is_provisional]
    themes.append(view(desk.say("Codes of no theme"), "", others))
    themes.append(view(desk.say("New codes that wait for the lead"), "", waiting))
    return [theme for theme in themes if theme.codes]


def _list_code(
    code: NamedCode,
    row: int,
    own: Mapping[int, CodeCount],
    everybody: Mapping[int, CodeCount] | None,
) -> ListedCode:
    all_given = None if everybody is None else everybody.get(row, NONE)
    return ListedCode(code, own.get(row, NONE), all_given)
