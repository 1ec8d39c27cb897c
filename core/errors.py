"""Errors of the calculations. Each builds its own sentence from facts, for the person who can act on it."""

from collections.abc import Hashable


class FieldvisitError(Exception):
    """The root of every error that this product raises on purpose; `str()` is a sentence to act on."""


class InvalidInput(FieldvisitError, ValueError):
    """A value handed to a calculation that it cannot take.

    Args:
        column: Name of the column or argument that is wrong.
        expected: What would be right, as a phrase that follows "expected".
        row: Label (index) of the first offending row; `None` when the whole column is meant.
        value: The offending value; `None` when there is none to show.

    Example:
        >>> str(InvalidInput("price", "a number of at least 0", row=3, value=-2.5))
        'price, row 3: expected a number of at least 0, got -2.5'
        >>> str(InvalidInput("price", "a column of that name"))
        'price: expected a column of that name'
    """

    def __init__(
        self, column: str, expected: str, *, row: Hashable | None = None, value: object = None
    ) -> None:
        self.column = column
        self.expected = expected
        self.row = row
        self.value = value
        place = column if row is None else f"{column}, row {row}"
        got = "" if value is None else f", got {value}"
        super().__init__(f"{place}: expected {expected}{got}")
