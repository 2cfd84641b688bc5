"""Watches a study's inbox, so that a new file is taken soon and not at the next tick only."""

from pathlib import Path

from pipeline.identifying.gazetteer import GAZETTEER
from pipeline.intake.arrivals import INBOX
from pipeline.intake.inbox import InboxFile, is_settled, list_inbox
from pipeline.intake.interviews import FILE_NAME
from pipeline.prefect_api import PrefectApi
from study.folder import Study

# What a person fills in beside the inbox; an interview may be waiting for it.
SHEETS = (FILE_NAME, GAZETTEER)


def list_settled(study: Study) -> frozenset[InboxFile]:
    """List what lies in the inbox, and the sheets beside it, as nobody is writing to them."""
    beside = [file for file in list_inbox(study.folder) if file.name in SHEETS]
    # A sheet in the inbox is another file than the one beside it.
    inside = [
        InboxFile(str(Path(INBOX, file.name)), file.n_bytes, file.mtime_ns)
        for file in list_inbox(study.folder / INBOX)
    ]
    seconds = study.settings.settle_seconds
    return frozenset(file for file in (*beside, *inside) if is_settled(file, seconds=seconds))


class InboxWatch:
    """Asks for a run when files have settled that no run was asked for yet."""

    def __init__(self, study: Study, api: PrefectApi, *, seen: frozenset[InboxFile]) -> None:
        self.study = study
        self.api = api
        self._seen = seen

    def look(self) -> bool:
        """Look once, and tell whether a run was asked for; an unheard request is made again."""
        settled = list_settled(self.study)
        # What has gone and comes back is new.
        self._seen &= settled
        # A request during a run is cancelled after some seconds: it is made when the run is over.
        if settled == self._seen or self.study.is_at_work():
            return False
        try:
            self.api.request_run()
        except OSError:
            return False
        self._seen = settled
        return True
