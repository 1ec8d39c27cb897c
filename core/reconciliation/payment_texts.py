"""Which invoices the text of a payment names."""

import unicodedata

import numpy as np
import pandas as pd

from core.reconciliation.items import Items
from core.reconciliation.references import as_texts, normalised
from core.tables import IntArray

# Words of a text that may make up one reference together ("PO 8298"), and from how many characters on a word
# in the midst of others is taken for a reference ("2 invoices" names no invoice 2).
_WORDS = 3
_SHORTEST = 3
# A reference on more invoices of one distributor than this tells none of them.
_MOST_ALIKE = 20
_SEPARATORS = r"[\s,;/+&、|]+"


def invoices_named(
    invoices: pd.DataFrame, payments: pd.DataFrame, invoice_items: Items, payment_items: Items
) -> tuple[IntArray, IntArray]:
    """Pairs of payment and invoice, payments by date and for each the invoices by date, all by row."""
    known = _references(invoices, invoice_items)
    spoken = _words(payments, payment_items)
    links = spoken.merge(known, on=["distributor", "reference"])[["payment", "invoice"]].drop_duplicates()
    payment, invoice = links["payment"].to_numpy(), links["invoice"].to_numpy()
    order = np.lexsort(
        (
            invoice_items.rank[invoice],
            invoice_items.day[invoice],
            payment_items.rank[payment],
            payment_items.day[payment],
        )
    )
    return payment[order], invoice[order]


def _references(invoices: pd.DataFrame, items: Items) -> pd.DataFrame:
    known = pd.DataFrame(
        {
            "invoice": np.arange(len(invoices)),
            "distributor": items.distributor,
            "reference": np.array(normalised(as_texts(invoices, "reference")), dtype=object),
        }
    )
    known = known[known["reference"] != ""]
    alike = known.groupby(["distributor", "reference"])["invoice"].transform("size")
    return known[alike <= _MOST_ALIKE]


def _words(payments: pd.DataFrame, items: Items) -> pd.DataFrame:
    """The possible references in each text: the whole, its words, and neighbouring words together."""
    texts = pd.Series(
        [unicodedata.normalize("NFKC", text) for text in as_texts(payments, "text")], dtype="str"
    )
    words = texts.str.split(_SEPARATORS, regex=True).explode()
    words = pd.Series(normalised(words.tolist()), index=words.index, dtype="str")
    words = words[(words != "").to_numpy()]
    payment = words.index.to_numpy()
    whole = np.array(normalised(texts.tolist()), dtype=object)
    found = [pd.DataFrame({"payment": np.arange(len(texts)), "reference": whole})]
    joined = words.to_numpy(dtype=object)
    for count in range(1, _WORDS + 1):
        reference = pd.Series(joined, dtype="str")
        telling = (reference.str.len() >= _SHORTEST) & ((count == 1) | ~reference.str.isdigit())
        chosen = telling.to_numpy(dtype=bool)
        found.append(pd.DataFrame({"payment": payment[: len(joined)][chosen], "reference": joined[chosen]}))
        same = payment[count:] == payment[: len(payment) - count]
        joined = np.where(same, joined[: len(same)] + words.to_numpy(dtype=object)[count:], "")
    spoken = pd.concat(found, ignore_index=True)
    spoken = spoken[spoken["reference"] != ""].drop_duplicates()
    return spoken.assign(distributor=items.distributor[spoken["payment"].to_numpy()])
