"""Facts about what the page says of where a study's texts go; nothing is sent here."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from review.languages import Speaker
from review.whereabouts import tell_whereabouts
from study.settings import make_settings

ENDPOINT = {
    "proposer": "endpoint",
    "endpoint_url": "https://model.example/v1",
    "endpoint_model": "m",
}
NOTHING = "Nothing leaves the machine on which the study is kept."
MODEL = "Excerpts are sent to the language model"


def tell(*, is_file=True, **settings):
    made = make_settings({"name": "Synthetic", "coder": "anna", "language": "en", **settings})
    study = SimpleNamespace(settings=made, database=SimpleNamespace(is_file=is_file))
    return tell_whereabouts(study, Speaker("en"))


def test_nothing_leaves_a_machine_that_does_it_all_by_itself():
    assert tell() == NOTHING


@pytest.mark.parametrize(
    "how",
    [
        {"page_address": "https://coding.example"},
        {"is_file": False},
        {"dask_address": "tcp://10.0.0.1:8786"},
    ],
)
def test_that_nothing_leaves_is_not_said_where_other_machines_take_part(how):
    told = tell(**how)

    assert "Nothing" not in told
    assert "stays on the machines where your team keeps the study" in told


def test_a_language_model_elsewhere_is_told():
    told = tell(**ENDPOINT, endpoint_allow_remote=True)

    assert told.startswith(MODEL)
    assert "Nothing else leaves the machine" in told


def test_a_language_model_elsewhere_and_coders_elsewhere_are_told():
    told = tell(**ENDPOINT, endpoint_allow_remote=True, page_address="https://coding.example")

    assert told.startswith(MODEL)
    assert "Nothing" not in told


def test_a_language_model_on_this_machine_takes_nothing_away():
    assert tell(**{**ENDPOINT, "endpoint_url": "http://127.0.0.1:8080/v1"}) == NOTHING


def test_front_page_says_it(page):
    assert NOTHING in page.client.get("/").text

    state = page.client.app.state
    settings = page.study.settings.model_copy(update={"page_address": "https://coding.example"})
    # What a study says is read when it is opened.
    state.room = replace(state.room, study=replace(page.study, settings=settings))

    assert NOTHING not in page.client.get("/").text
