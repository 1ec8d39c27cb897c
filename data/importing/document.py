"""docs/load.md, written from the files' layouts: `python -m data.importing.document > docs/load.md`."""

import sys

from data.importing.files import LAYOUTS
from data.importing.layout import Column, Layout

_HEAD = """\
# Loading a company's data

`python -m data.operator load FOLDER` loads the CSV files of a folder. This page is written from the program:
`python -m data.importing.document > docs/load.md`; a test fails when the two differ.

## Rules

- One file a table, under the names below. Files that are not there are no matter; a CSV file of another name
  is reported. `company.csv` comes first, once; then in any number of loads, whatever you have.
- UTF-8 (with or without mark) or GB18030, separated by commas, the column names in the first row, in any
  order. A column marked *needed* must be there and filled; the others may be left out or empty.
- Records are named by their codes, never by ids. Codes stay text: leading zeros count.
- Dates as 2026-11-21. Numbers as 1234.5: no thousands separators, no currency signs, no percent signs.
  Amounts of money are in currency units, exact to the cent; a price or a quantity with more decimals than
  the table says is refused, not rounded. Ranges are from the first day to the day on which they do not hold
  any more.
- Good rows are loaded. Bad ones are reported all at once, each with file, row (as a spreadsheet counts),
  column, value and what was expected; `--errors FILE` also writes them as CSV. `--check` only reports.
- Loading a file again changes nothing. A row whose key is known changes that record, in the columns that the
  file has; a column that is left out stays as it is. Nothing is ever deleted.
- What people entered or changed in the app is not overwritten: such a row is reported instead.
- Each file is loaded wholly or, if the power fails, not at all. While a file is written to SQLite nobody else
  can save (some 4 seconds for 100,000 new rows): load larger files when nobody works, or in parts.

## Files

"""


def document() -> str:
    """The whole page."""
    return _HEAD + "\n".join(_section(layout) for layout in LAYOUTS)


def _section(layout: Layout) -> str:
    names = {column.target: column.name for column in layout.columns}
    key = ", ".join(f"`{names[target]}`" for target in layout.key if target in names)
    lines = [f"### {layout.name}", "", layout.about, ""]
    if key:
        lines += [f"Key: {key}.", ""]
    lines += ["| column | needed | holds | meaning |", "| --- | --- | --- | --- |"]
    lines += [_row(column) for column in layout.columns]
    return "\n".join(lines) + "\n"


def _row(column: Column) -> str:
    needed = "needed" if column.needed else ""
    return f"| `{column.name}` | {needed} | {column.kind.allowed} | {column.about} |"


if __name__ == "__main__":
    sys.stdout.write(document())
