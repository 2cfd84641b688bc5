"""Keys of the page are a setting, and no key means two things."""

import pytest

from study.errors import StudyError
from study.page_keys import DEFAULT_KEYS, read_keys
from study.settings import make_settings


def test_without_a_setting_the_usual_keys_stand():
    assert read_keys("") == DEFAULT_KEYS


def test_no_two_commands_have_a_usual_key_in_common():
    keys = [key.lower() for chosen in DEFAULT_KEYS.values() for key in chosen]

    assert len(set(keys)) == len(keys)


def test_chosen_keys_take_the_place_of_the_usual_ones():
    keys = read_keys(" unsure = o , undo=z Backspace")

    assert keys["unsure"] == ("o",)
    assert keys["undo"] == ("z", "Backspace")
    assert keys["done"] == DEFAULT_KEYS["done"]


def test_two_commands_may_change_places():
    keys = read_keys("memo = n, propose = m")

    assert (keys["memo"], keys["propose"]) == (("n",), ("m",))


@pytest.mark.parametrize("setting", ["unsure = u", "unsure = U", "memo = o, unsure = o"])
def test_a_key_that_two_commands_would_have_is_refused(setting):
    with pytest.raises(ValueError, match="would be for '"):
        read_keys(setting)


@pytest.mark.parametrize("key", ["1", "", "xx", "Ctrl+u", "F13", "Alt+"])
def test_what_is_no_key_or_a_digit_is_refused(key):
    with pytest.raises(ValueError, match="is no key for 'undo'"):
        read_keys(f"undo = {key}")


def test_every_fault_is_told_at_once():
    with pytest.raises(ValueError, match=r"'jump' is no command.*is no key for 'memo'.*'u'"):
        read_keys("jump = j, memo = 7, help = u")


def test_a_study_is_not_opened_with_keys_that_collide():
    with pytest.raises(StudyError, match="'u' would be for"):
        make_settings({"page_keys": "unsure = u"})


def test_named_keys_and_signs_with_alt_are_keys():
    keys = read_keys("done = F2 Space, split = Alt+s, play = ;")

    assert (keys["done"], keys["split"], keys["play"]) == (("F2", "Space"), ("Alt+s",), (";",))
