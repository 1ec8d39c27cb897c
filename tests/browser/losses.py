"""What was shown, what was acknowledged and what is stored, counted value by value."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext

from tests.browser.small_company import SmallCompany
from tests.running_app import ROOT

# The queue tells the other tabs of its browser what it does; the witness overhears that.
OVERHEAR = """
const post = BroadcastChannel.prototype.postMessage;
BroadcastChannel.prototype.postMessage = function (message) {
  window.fieldvisitWitness(JSON.stringify(message));
  return post.call(this, message);
};
"""


@dataclass
class Witness:
    """Overhears the queues of a browser: the entries that were made, replaced, and acknowledged."""

    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)
    """What an earlier count has named as acknowledged: every record stands in the table once."""

    @classmethod
    def of(cls, context: BrowserContext) -> "Witness":
        """A witness of all pages that this browser will open."""
        witness = cls()
        context.expose_function("fieldvisitWitness", witness.hear)
        context.add_init_script(OVERHEAR)
        return witness

    def hear(self, text: str) -> None:
        message = json.loads(text)
        if message["what"] == "put":
            self.made[message["entry"]["id"]] = message["entry"]
            self.replaced.update(message["replacing"])
        if message["what"] == "held":
            self.acknowledged.update(message["ids"])


@dataclass(frozen=True)
class Loss:
    """One line of the table: a fault on a screen, and what became of the values.

    `shown` values stood on the screen at the end and `stored` of them are the database's current ones. Of the
    entries and pictures `acknowledged` since the count before, `found` are in the database; `doubled` are there
    more than once. `untaken` figures stand in a field whose own row says that they are not recorded. A native
    number is not acknowledged by a message of its own.
    """

    fault: str
    database: str
    screen: str
    shown: int
    stored: int
    untaken: int
    acknowledged: int
    found: int
    doubled: int

    @property
    def is_none(self) -> bool:
        """Whether nothing was lost, nothing doubled, and no figure stands in a field as if it were recorded."""
        is_kept = self.shown == self.stored and self.acknowledged == self.found
        return is_kept and self.doubled == 0 and self.untaken == 0


@dataclass
class Losses:
    """The table of one file of tests."""

    lines: list[Loss] = field(default_factory=list)

    def add(self, lines: Iterable[Loss]) -> None:
        """Notes the lines of a test, prints them, and fails with the first value lost or doubled."""
        lines = list(lines)
        self.lines += lines
        print(table(lines))
        assert lines
        assert [line for line in lines if not line.is_none] == []

    def write(self, name: str) -> None:
        """Writes the table to `screenshots/<name>.txt` when `FIELDVISIT_LOSSES` asks for it."""
        if os.environ.get("FIELDVISIT_LOSSES", "").lower() == "on" and self.lines:
            folder = ROOT / "screenshots"
            folder.mkdir(exist_ok=True)
            (folder / f"{name}.txt").write_text(table(self.lines) + "\n", encoding="utf-8")


HEADS = ("fault", "database", "screen", "shown", "stored", "untaken", "acknowledged", "found", "doubled")


def table(lines: Iterable[Loss]) -> str:
    """The lines with their heads and totals, ready to print."""
    lines = list(lines)
    cells = [[str(getattr(line, head)) for head in HEADS] for line in lines]
    sums = [str(sum(getattr(line, head) for line in lines)) for head in HEADS[3:]]
    rows = [list(HEADS), *cells, ["total", "", "", *sums]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 3 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def counted(
    company: SmallCompany,
    witness: Witness,
    visit: str,
    *,
    shown: dict[str, Any],
    stored: dict[str, Any],
    untaken: int,
    fault: str,
    database: str,
    screen: str,
) -> Loss:
    """Counts one screen: what it shows against the current values, and every record by its id."""
    entries = company.entries(visit)
    photos = company.photos(visit)
    of_others = {id_ for id_, entry in witness.made.items() if entry["visit"] != visit}
    acknowledged = witness.acknowledged - of_others - witness.counted
    witness.counted |= acknowledged
    in_database = {entry.id for entry in entries} | set(company.photo_ids(visit))
    said = [(entry.row, entry.lot, entry.field, entry.value) for entry in entries if entry.value is not None]
    return Loss(
        fault=fault,
        database=database,
        screen=screen,
        shown=len(shown),
        stored=sum(stored.get(cell) == value for cell, value in shown.items()),
        untaken=untaken,
        acknowledged=len(acknowledged),
        found=len(acknowledged & in_database),
        doubled=len(said) - len(set(said)) + len(photos) - len(set(photos)),
    )
