"""Finds the codebook that comes with the product."""

from pathlib import Path


def shipped_codebook_path() -> Path:
    """Give the path of the working-alliance codebook."""
    return Path(__file__).with_name("working_alliance.yaml")
