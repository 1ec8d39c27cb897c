"""Loading a company's data from files: one CSV a table, documented in docs/load.md."""

from data.importing.loading import load_folder
from data.importing.report import FileReport, Problem, Report

__all__ = ["FileReport", "Problem", "Report", "load_folder"]
