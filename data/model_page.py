"""Writes docs/data_model.md from the tables: `python -m data.model_page > docs/data_model.md`."""

import inspect
from types import ModuleType

from sqlalchemy import Table

from data.tables import company, dealings, distributors, orders, products, records, visits
from data.tables.base import Base

MODULES: tuple[ModuleType, ...] = (company, distributors, products, dealings, visits, orders, records)
HEAD = """# Data model

Written from `data/tables` by `python -m data.model_page`; a test keeps the two equal. Ids are UUIDv7 texts made
where the record is made. `…_on` is a day at the distributor's place, `…_at` an instant in UTC, `…_minor` money in
minor units; prices have four decimal places and quantities (base units) three, both as scaled integers. Ranges are
[from, to). A mark `?` says that a value may be missing."""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *(line for module in MODULES for line in _of_module(module)), ""])


def _of_module(module: ModuleType) -> list[str]:
    lines = ["", f"## {(module.__doc__ or '').strip().splitlines()[0]}", ""]
    lines += ["| table | what it is | columns |", "| --- | --- | --- |"]
    for name, model in inspect.getmembers(module, inspect.isclass):
        if issubclass(model, Base) and model is not Base and model.__module__ == module.__name__:
            what = " ".join((model.__doc__ or name).split("\n\n")[0].split())
            table = Base.metadata.tables[model.__tablename__]
            lines.append(f"| `{table.name}` | {what} | {_columns(table)} |")
    return lines


def _columns(table: Table) -> str:
    shown = []
    for column in table.columns:
        refers = "".join(f" → {key.column.table.name}" for key in column.foreign_keys)
        shown.append(f"`{column.name}`{'?' if column.nullable else ''}{refers}")
    return ", ".join(shown)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - writing the page is what this is for
