"""The one error of this room: a message for the person who chose the encoder."""


class ModelError(ValueError):
    """One line: what, which value, what was expected, what to do; never encoded text."""
