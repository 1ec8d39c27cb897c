"""Loading a folder of CSV files, in the order in which they refer to each other."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, Select, insert, select
from sqlalchemy.orm import Session

from data.engine import reading, writing
from data.importing.files import LAYOUTS
from data.importing.kinds import Context, natural_id
from data.importing.layout import Layout
from data.importing.reading import Read, codes_in, read
from data.importing.report import FileReport, Problem, Report
from data.importing.writing import write
from data.tables import Base
from data.tables.company import Company, Market, Region, User
from data.tables.dealings import AccountDifference, Import, LedgerEntry
from data.tables.distributors import Distributor
from data.tables.products import Product, Promotion
from data.tables.visits import Visit

_CODES: dict[str, Callable[[], Select[str, str]]] = {
    "region": lambda: select(Region.code, Region.id),
    "market": lambda: select(Market.code, Market.id),
    "user": lambda: select(User.account, User.id),
    "rep": lambda: select(User.account, User.id).where(User.role == "rep"),
    "regional": lambda: select(User.account, User.id).where(User.role.in_(("manager", "clerk"))),
    "distributor": lambda: select(Distributor.code, Distributor.id),
    "product": lambda: select(Product.code, Product.id),
    "own_product": lambda: select(Product.code, Product.id).where(Product.is_own),
    "promotion": lambda: select(Promotion.code, Promotion.id),
    "visit": lambda: select(Visit.id, Visit.id),
}


def load_folder(engine: Engine, folder: Path, now: datetime, *, check: bool = False) -> Report:
    """Loads the CSV files of a folder; files of other names are a problem, files not there are no matter.

    Every file is one transaction: all its good rows are loaded, its bad rows reported. Loading the same
    folder again changes nothing.

    Args:
        engine: The database, of this program's version.
        folder: Where the files stand.
        now: The instant, kept as the time of the import.
        check: Whether only to say what would happen.

    Returns:
        What became of each file, and all problems.
    """
    report = Report()
    known = {layout.name for layout in LAYOUTS}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in known:
            message = "Unknown file; it is not loaded. docs/load.md lists the names."
            report.problems.append(Problem(path.name, 0, "", "", message))
    present = [(layout, folder / layout.name) for layout in LAYOUTS if (folder / layout.name).is_file()]
    if check:
        with writing(engine) as session:
            for layout, path in present:
                _store(session, _read(session, layout, path, report), now, report)
            session.rollback()
        return report
    for layout, path in present:
        # Reading takes half of the time: nobody who saves meanwhile has to wait for it.
        with reading(engine) as session:
            file = _read(session, layout, path, report)
        with writing(engine) as session:
            _store(session, file, now, report)
    return report


@dataclass(frozen=True)
class _File:
    layout: Layout
    found: Read
    digest: str


def _read(session: Session, layout: Layout, path: Path, report: Report) -> _File | None:
    context = _context(session, layout)
    if context is None:
        message = "Not loaded: the company's settings come first, in company.csv."
        report.problems.append(Problem(layout.name, 0, "", "", message))
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        report.problems.append(Problem(layout.name, 0, "", "", f"Cannot be read: {error.strerror}."))
        return None
    if layout.refers_to:
        known = context.codes[layout.refers_to]
        for code in codes_in(content) - known.keys():
            known[code] = natural_id(layout.table.name, code)
    return _File(layout, read(layout, content, context), hashlib.sha256(content).hexdigest())


def _store(session: Session, file: _File | None, now: datetime, report: Report) -> None:
    if file is None:
        return
    _check_whole(session, file.layout, file.found)
    result = write(session, file.layout, file.found, now)
    report.files.append(result)
    report.problems.extend(sorted(file.found.problems, key=lambda problem: problem.row))
    if result.added or result.changed:
        _note(session, file, result, now)


def _context(session: Session, layout: Layout) -> Context | None:
    company = session.get(Company, "company")
    if company is None and layout.name != "company.csv":
        return None
    context = Context(codes={what: dict(session.execute(s()).all()) for what, s in _CODES.items()})
    if company is not None:
        context.minor_exponent = company.minor_exponent
        context.tax_basis = company.tax_basis
        context.time_zone = company.time_zone
    if "pack_size" in layout.table.columns:
        context.packs = dict(session.execute(select(Product.id, Product.pack_size)).all())
    if layout.table.name == AccountDifference.__tablename__:
        context.entries = _entries(session)
    return context


def _entries(session: Session) -> dict[tuple[str, str, str], dict[str, int]]:
    found: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    statement = select(
        LedgerEntry.distributor_id,
        LedgerEntry.side,
        LedgerEntry.entry_code,
        LedgerEntry.reference,
        LedgerEntry.id,
        LedgerEntry.amount_minor,
    )
    for distributor_id, side, code, reference, entry_id, amount_minor in session.execute(statement):
        for name in {code, reference} - {""}:
            found[distributor_id, side, name][entry_id] = amount_minor
    return dict(found)


def _check_whole(session: Session, layout: Layout, found: Read) -> None:
    if layout.whole is None:
        return
    for row, column, message in layout.whole(session, found.rows):
        found.refuse(layout, row, column, "", message)
    found.rows = [row for row in found.rows if row[0] not in found.refused]


def _note(session: Session, file: _File, result: FileReport, now: datetime) -> None:
    session.execute(
        insert(Base.metadata.tables[Import.__tablename__]),
        [
            {
                "id": natural_id("import", result.name, file.digest, now.isoformat()),
                "file_name": result.name,
                "content_hash": file.digest,
                "distributor_id": None,
                "as_of_on": None,
                "rows": result.added + result.changed + result.unchanged,
                "loaded_by": None,
                "loaded_at": now,
            }
        ],
    )
