"""The pictures of the page are of pages that there are; no browser is needed for that."""

import re

from bench.made_up import make_codebook
from bench.review_study import made_up_settings
from bench.screens import AGREEMENT, SHOTS, SIGN_IN
from review.app import create_app
from study.clock import utc_now
from study.codebooks import store_codebook
from study.folder import create_study
from study.settings import make_settings


def test_every_picture_is_of_a_page_that_there_is(tmp_path):
    study = create_study(tmp_path / "study", make_settings(made_up_settings()), now=utc_now())
    with study.database.write() as connection:
        store_codebook(connection, make_codebook(0), now=utc_now())

    app = create_app(study, find_gaps=lambda *_: None)

    study.database.close()
    pages = {re.sub(r"{\w+}", "{}", path) for path in list_paths(app.routes)}
    shown = {re.sub(r"{\w+}", "{}", shot.address) for shot in (*SHOTS, AGREEMENT, SIGN_IN)}
    assert shown - pages == set()


def list_paths(routes):
    """List every path, also of routers that were included and are not laid out flat."""
    for route in routes:
        if path := getattr(route, "path", ""):
            yield path
        for inner in ("routes", "original_router"):
            found = getattr(route, inner, None)
            yield from list_paths(getattr(found, "routes", found or ()))
