"""From rows of the database to the tables that `core` calculates with."""

from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Select
from sqlalchemy.orm import Session

from data.types import Exact


def frame(session: Session, statement: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    """The rows of a statement as a DataFrame: exact decimals as float64, dates as datetime64.

    Columns keep their types when no row is found, so that an empty table passes the checks of `core`.
    """
    result = session.execute(statement)
    names = list(result.keys())
    table = pd.DataFrame.from_records(list(map(tuple, result)), columns=names)
    for column in statement.selected_columns:
        name, kind = column.key, column.type
        if name is None or name not in table:
            continue
        if isinstance(kind, Exact):
            table[name] = [float("nan") if v is None else float(v) for v in table[name]]
            table[name] = table[name].astype("float64")
        elif kind.python_type.__name__ == "date":
            table[name] = pd.to_datetime(table[name])
        elif kind.python_type is int and not table[name].isna().any():
            table[name] = table[name].astype("int64")
        elif kind.python_type is int:
            table[name] = table[name].astype("Int64")
        elif kind.python_type is Decimal:
            table[name] = table[name].astype("float64")
    return table
