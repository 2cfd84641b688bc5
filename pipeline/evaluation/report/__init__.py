"""Writes an evaluation as a page to read, and the same figures as JSON and CSV."""

from pipeline.evaluation.report.files import ReportFiles, make_report, write_report

__all__ = ["ReportFiles", "make_report", "write_report"]
