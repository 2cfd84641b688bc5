"""Benchmarks: quality by held-out interview, speed as ratios within one run."""
