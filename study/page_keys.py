"""Which key of the coder's page gives which command, and the keys that a team chose instead."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

Keys: TypeAlias = dict[str, tuple[str, ...]]

# As the browser names them; the digits 1 to 9 always decide on what is suggested.
DEFAULT_KEYS: Mapping[str, tuple[str, ...]] = {
    "done": ("Enter",),
    "reject_rest": ("x",),
    "pick": ("/", "c"),
    "propose": ("n",),
    "memo": ("m",),
    "unsure": ("?",),
    "undo": ("u",),
    "previous": ("ArrowUp", "k"),
    "following": ("ArrowDown", "j"),
    "start_earlier": ("[",),
    "start_later": ("{",),
    "end_later": ("]",),
    "end_earlier": ("}",),
    "start_earlier_sentence": ("Alt+[",),
    "start_later_sentence": ("Alt+{",),
    "end_later_sentence": ("Alt+]",),
    "end_earlier_sentence": ("Alt+}",),
    "split": ("s",),
    "join": ("b",),
    "search": ("f",),
    "play": ("p",),
    "explain": ("d",),
    "help": ("h",),
}
NAMED = "Enter|Space|Backspace|Delete|Insert|Home|End|Page(Up|Down)|Arrow(Up|Down|Left|Right)"
ONE_KEY = re.compile(rf"(Alt\+)?([^\s,=\d]|{NAMED}|F([1-9]|1[0-2]))")


def read_keys(text: str) -> Keys:
    """Read keys as a team writes them, "unsure = o, undo = z Backspace", beside the usual ones.

    Raises:
        ValueError: An unknown command, something that is no key, or a key that two commands would
            have; lists all of them.
    """
    keys: Keys = dict(DEFAULT_KEYS)
    faults = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        command, _, said = (side.strip() for side in part.partition("="))
        chosen = tuple(said.split())
        if command not in DEFAULT_KEYS:
            faults.append(f"'{command}' is no command (there are: {', '.join(DEFAULT_KEYS)})")
        elif not chosen or not all(ONE_KEY.fullmatch(key) for key in chosen):
            faults.append(f"'{said}' is no key for '{command}' (write a sign or Enter, F2, Alt+[)")
        else:
            keys[command] = chosen
    faults += _find_shared(keys)
    if faults:
        raise ValueError("; ".join(faults))
    return keys


def _find_shared(keys: Keys) -> list[str]:
    counts = Counter(_fold(key) for chosen in keys.values() for key in set(chosen))
    shared = [key for key, n in counts.items() if n > 1]
    return [
        f"the key '{key}' would be for "
        + " and ".join(f"'{name}'" for name, chosen in keys.items() if key in map(_fold, chosen))
        for key in shared
    ]


def _fold(key: str) -> str:
    # Letters mean the same with caps lock on; a sign has no other case.
    return key.lower() if len(key.removeprefix("Alt+")) == 1 else key
