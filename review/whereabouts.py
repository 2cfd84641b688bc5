"""Says on the page where what people said, and what is decided on it, goes."""

from review.languages import Speaker
from study.folder import Study


def tell_whereabouts(study: Study, say: Speaker) -> str:
    """Say what leaves the machine on which a study is kept, by its settings."""
    settings = study.settings
    is_here = settings.is_on_this_machine and study.database.is_file and not settings.dask_address
    is_told = settings.proposer == "endpoint" and settings.endpoint_allow_remote
    if is_told:
        told = say("Excerpts are sent to the language model that the study’s settings name.")
        if is_here:
            return f"{told} {say('Nothing else leaves the machine on which the study is kept.')}"
        return f"{told} {say('What you decide is kept on your team’s own machines.')}"
    if is_here:
        return say("Nothing leaves the machine on which the study is kept.")
    return say("What you read and decide stays on the machines where your team keeps the study.")
