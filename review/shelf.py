"""The codebook as the page holds it ready: read once, and again where it has changed."""

from dataclasses import dataclass, field

from study.codebooks import CodebookVersion, current_codebook, read_merging
from study.folder import Study
from study.merging import Merging
from study.proposed_codes import ProposedCode, list_proposed


@dataclass(frozen=True)
class _Held:
    version: CodebookVersion
    merging: Merging = field(default_factory=Merging)
    proposed: tuple[ProposedCode, ...] = ()


class Shelf:
    """What coders' pages know of codes.

    Reading it takes 50 ms, and it changes far more seldom than a key is pressed.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self._held: _Held | None = None

    def codebook(self, *, at_least: int = 0) -> CodebookVersion:
        """Give the codebook; read anew where the one at hand is older than the number wanted."""
        held = self._held
        if held is None or held.version.number < at_least:
            held = self._read()
        return held.version

    def reread(self) -> CodebookVersion:
        """Read the newest codebook and what was proposed."""
        return self._read().version

    def proposed(self) -> tuple[ProposedCode, ...]:
        """Give the codes that coders proposed."""
        return (self._held or self._read()).proposed

    def guids(self) -> dict[int, str]:
        """Give the GUID of every code by its row, of the codebook at hand or proposed."""
        held = self._held or self._read()
        known = {each.code_id: each.guid for each in held.proposed}
        return known | {row: guid for guid, row in held.version.code_ids.items()}

    def rows(self) -> dict[str, int]:
        """Give the row of every code by its GUID, of the codebook at hand or proposed."""
        return {guid: row for row, guid in self.guids().items()}

    def name_codes_now(self, codes: frozenset[int]) -> frozenset[str]:
        """Give the codes of the codebook at hand that these rows count for, by GUID."""
        held = self._held or self._read()
        into = held.merging.into
        rows = {into.get(row, row) for row in codes}
        return frozenset(guid for guid, row in held.version.code_ids.items() if row in rows)

    def _read(self) -> _Held:
        with self.study.database.read() as connection:
            held = _Held(
                current_codebook(connection),
                read_merging(connection),
                tuple(list_proposed(connection)),
            )
        self._held = held
        return held
