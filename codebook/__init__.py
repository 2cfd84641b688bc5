"""The researcher's words: codes, relations, themes and their versions."""
