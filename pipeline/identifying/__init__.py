"""Finds what identifies people in a text: listed names, patterns, names that spaCy knows."""
