"""References as people write them, brought to one form so that the same document is recognised."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pandas as pd

from core.errors import InvalidInput

# A label in front of the number says nothing about it. What stands before the label can only be brackets
# and the like. "\n" separates one text from the next, so no pattern may reach across it.
_LABEL = re.compile(r"^(?:[^\w\n]|_)*N[OR](?:[.:#]|[^\S\n])", re.MULTILINE)
_NOT_ALPHANUMERIC = re.compile(r"[^\w\n]|_")
# The pattern starts with its only literal, which the engine finds by plain search.
_LEADING_ZEROS = re.compile(r"0(?<![0-9]0)0*(?=[0-9])")
_PUNCTUATION = bytes(c for c in range(128) if not chr(c).isalnum() and c != ord("\n"))
_SEPARATORS = r"[/,;+&、|]"


def normalise_reference(text: Any) -> Any:
    """The form in which two references of the same document are equal.

    Formula: full-width to half-width (Unicode NFKC), upper case, a leading label NO / NR / № followed by
        ``. : #`` or a space dropped, letters and digits only, leading zeros of each run of digits dropped
        (a run of zeros is 0).

    Args:
        text: One reference, or an array-like of them. Missing (``None``, ``NaN``, ``<NA>``) is allowed.

    Returns:
        The normalised reference, ``''`` when nothing is left or it was missing; for a Series a Series with
        the same index, for any other array-like a NumPy array of the same shape.

    Raises:
        InvalidInput: a reference that is neither text nor missing.

    Source: Unicode Standard Annex 15 (NFKC); the rest is the practice of the trade.

    Example:
        >>> normalise_reference("No. （ＰＯ－００８１８５）")
        'PO8185'
        >>> normalise_reference(["PAY- 829 8", None, "000"]).tolist()
        ['PAY8298', '', '0']
    """
    if isinstance(text, str) or pd.api.types.is_scalar(text):
        return normalised([_plain(text)])[0]
    if isinstance(text, pd.Series):
        return pd.Series(
            normalised([_plain(value) for value in text]), index=text.index, name=text.name, dtype="str"
        )
    values = np.asarray(text, dtype=object)
    flat = np.empty(values.size, dtype=object)
    flat[:] = normalised([_plain(value) for value in values.ravel()])
    return flat.reshape(values.shape)


def normalised(texts: Sequence[str]) -> list[str]:
    """Every text in its normalised form.

    The texts are worked on in one piece, a line each, which costs a tenth of a loop over them. Those
    beyond ASCII take a slower way, so they go apart.
    """
    if not texts:
        return []
    if "".join(texts).isascii():
        return _normalised_lines(texts)
    result = np.array(texts, dtype=object)
    plain = np.array([text.isascii() for text in texts], dtype=bool)
    for part in (plain, ~plain):
        if part.any():
            result[part] = _normalised_lines(result[part].tolist())
    return cast(list[str], result.tolist())


def _normalised_lines(texts: Sequence[str]) -> list[str]:
    lines = "\n".join(texts)
    if lines.count("\n") >= len(texts):
        lines = "\n".join([text.replace("\n", " ") for text in texts])
    if lines.isascii():
        unlabelled = _LABEL.sub("", lines.upper())
        lines = unlabelled.encode("ascii").translate(None, _PUNCTUATION).decode("ascii")
    else:
        lines = _LABEL.sub("", unicodedata.normalize("NFKC", lines).upper())
        lines = _NOT_ALPHANUMERIC.sub("", lines)
    return _LEADING_ZEROS.sub("", lines).split("\n")


def as_texts(table: pd.DataFrame, column: str) -> list[str]:
    """A column of texts, missing as ''."""
    return [_plain(value) for value in table[column]]


def listed(texts: pd.Series) -> pd.Series:
    """The normalised references that each text lists, one a row; the index says which text.

    Only texts that list at least two different references are in the answer.

    Example:
        >>> listed(pd.Series(["PO1/PO-2", "PO3", "PO4;PO-4"])).tolist()
        ['PO1', 'PO2']
    """
    half_width = pd.Series(
        [text if text.isascii() else unicodedata.normalize("NFKC", text) for text in texts],
        index=texts.index,
        dtype="str",
    )
    several = half_width[half_width.str.contains(_SEPARATORS, regex=True)]
    parts = several.str.split(_SEPARATORS, regex=True).explode()
    found = pd.Series(normalised(parts.tolist()), index=parts.index, dtype="str")
    found = found[(found != "").to_numpy()]
    found = found[~pd.MultiIndex.from_arrays([found.index, found]).duplicated()]
    return found[found.index.duplicated(keep=False)]


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value != value:
        return ""
    raise InvalidInput("reference", "text, because a number has lost its leading zeros", value=repr(value))
