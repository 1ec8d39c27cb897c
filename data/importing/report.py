"""What loading files did, and what it could not take, as values to show or to write down."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """Something in a file that cannot be loaded.

    Example:
        >>> str(Problem("regions.csv", 3, "code", "", "Expected a code."))
        "regions.csv, row 3, column code: Expected a code. Got ''."
    """

    file: str
    row: int
    """As a spreadsheet counts: the header is row 1. 0 where the whole file is meant."""
    column: str
    """Empty where no single column is meant."""
    value: str
    message: str

    def __str__(self) -> str:
        place = (
            self.file
            + (f", row {self.row}" if self.row else "")
            + (f", column {self.column}" if self.column else "")
        )
        got = f" Got {self.value!r}." if self.column else ""
        return f"{place}: {self.message}{got}"


@dataclass
class FileReport:
    """What became of the rows of one file."""

    name: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass
class Report:
    """What became of all files, and every problem, in the order of the files and rows."""

    files: list[FileReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
