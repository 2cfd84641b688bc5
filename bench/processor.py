"""Names the processor that a benchmark of speed ran on."""

import os
from pathlib import Path


def describe_processor() -> str:
    """Say which processor this is, and how many cores of it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else 'unknown processor'}, {os.cpu_count()} cores"
