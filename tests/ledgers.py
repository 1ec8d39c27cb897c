"""Two books of the same dealings with known differences, of any size, made from a seed.

The kinds and how often each comes follow what real books show: a document is mostly the same in both, or
written in another format, booked days later, split, summed up, mistyped, booked twice, lost, or booked
under another distributor. The truth says for each document which entries are its two sides.
"""

from dataclasses import dataclass, field
from random import Random

import numpy as np
import pandas as pd

RATES = {
    "exact": 0.642,
    "ref_format": 0.101,
    "date_shift": 0.081,
    "ref_format_and_date_shift": 0.026,
    "missing_in_theirs": 0.024,
    "missing_in_ours": 0.020,
    "ref_missing": 0.019,
    "split_in_theirs": 0.018,
    "amount_rounded": 0.014,
    "amount_transposed": 0.014,
    "duplicate_in_theirs": 0.011,
    "amount_digit": 0.008,
    "sum_in_theirs_no_ref": 0.008,
    "sum_in_theirs": 0.007,
    "sign_error": 0.005,
    "wrong_partner": 0.005,
    "duplicate_in_ours": 0.003,
}
_SHIFTS = [1] * 16 + [-5] * 14 + [7] * 11 + [2] * 10 + [4] * 10 + [-2] * 6 + [-3] * 5 + [-1] * 5 + [3] * 4
_DAYS = 420


@dataclass
class Ledger:
    """Both books and the truth: `kind, our_ids, their_ids` (tuples) a document."""

    ours: pd.DataFrame
    theirs: pd.DataFrame
    truth: pd.DataFrame


@dataclass(frozen=True)
class Score:
    """How a result compares with the truth."""

    recall: float
    precision: float
    misposted_offered: float
    wrong: int
    recall_by_kind: dict[str, float]


@dataclass
class _Writer:
    """Collects entries of both sides and what belongs together."""

    random: Random
    rows: tuple[list[list[object]], list[list[object]]] = field(default_factory=lambda: ([], []))
    truth: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)

    def entry(
        self, side: int, distributor: str, day: int, reference: str, amount: int, text: str = ""
    ) -> str:
        name = f"{'OT'[side]}{len(self.rows[side]):07d}"
        self.rows[side].append([name, distributor, day, reference, amount, text])
        return name


def make_ledger(lines: int, seed: int, *, lines_per_distributor: int = 100) -> Ledger:
    """Both books with about `lines` entries each.

    Args:
        lines: Entries wanted in our book; theirs has about as many.
        seed: The same seed gives the same books.
        lines_per_distributor: Fewer distributors with more lines each have more equal amounts by accident.
    """
    writer = _Writer(Random(seed))
    distributors = [str(2000 + 7 * i) for i in range(max(2, lines // lines_per_distributor))]
    documents = [_documents(writer.random, name, lines // (2 * len(distributors))) for name in distributors]
    for name, own in zip(distributors, documents, strict=True):
        # Every distributor counts for itself, so that the same numbers come up at many of them.
        first, step = writer.random.randint(8000, 12000), writer.random.randint(1, 3)
        named = [
            (day, f"{'PAY-' if is_payment else 'PO'}{first + step * due}", amount)
            for day, amount, is_payment, due in own
        ]
        _write(writer, name, distributors, named)
    return Ledger(*(_frame(writer.random, rows) for rows in writer.rows), _truth(writer))


def score_links(truth: pd.DataFrame, result: object) -> Score:
    """Links found and wrong, over every match and every `amount_differs` difference.

    A link is one pair of an entry of ours and one of theirs; a document booked twice earns one link.
    Documents under another distributor are no links; they have to be among the `misposted` proposals.
    """
    owner = {
        each: row
        for row, names in enumerate(zip(truth.our_ids, truth.their_ids, strict=True))
        for each in sum(names, ())
    }
    duplicate = truth.kind.str.startswith("duplicate").tolist()
    need = [
        1 if twice else len(our) * len(their)
        for twice, our, their in zip(duplicate, truth.our_ids, truth.their_ids, strict=True)
    ]
    got = [0] * len(need)
    wrong = 0
    for our, their in _links(result):
        row = owner[our]
        if row == owner[their] and got[row] < need[row]:
            got[row] += 1
        else:
            wrong += 1
    counts = pd.DataFrame({"kind": truth.kind, "need": need, "got": got})
    asked = counts[counts.kind != "wrong_partner"]
    by_kind = asked.groupby("kind")[["need", "got"]].sum()
    offered = {
        (our, their)
        for row in result.proposals[result.proposals.rule == "misposted"].itertuples()
        for our in row.our_ids
        for their in row.their_ids
    }
    wrong_partner = truth[truth.kind == "wrong_partner"]
    hits = [
        (o[0], t[0]) in offered for o, t in zip(wrong_partner.our_ids, wrong_partner.their_ids, strict=True)
    ]
    found = int(counts.got.sum())
    return Score(
        recall=float(asked.got.sum() / asked.need.sum()),
        precision=found / (found + wrong),
        misposted_offered=float(np.mean(hits)) if hits else 1.0,
        wrong=wrong,
        recall_by_kind={k: round(v, 5) for k, v in (by_kind.got / by_kind.need).items() if v == v},
    )


def _links(result: object) -> list[tuple[str, str]]:
    matches = result.matches
    ours = matches[matches.side == "ours"]
    theirs = matches[matches.side == "theirs"]
    pairs = ours.merge(theirs, on="match_id")
    links = list(zip(pairs.entry_id_x, pairs.entry_id_y, strict=True))
    differs = result.differences[result.differences.kind == "amount_differs"]
    links += [(o, t) for row in differs.itertuples() for o in row.our_ids for t in row.their_ids]
    return links


def _documents(random: Random, name: str, invoices: int) -> list[tuple[int, int, bool, int]]:
    """Invoices and the payments of each, by date: day, signed amount, is a payment, number of the invoice.

    Half of the distributors buy a few standing quantities, so that many of their amounts are equal.
    """
    scale = 10 ** random.uniform(2.3, 5.2)
    price = round(scale * 100 / 7)
    standing = random.random() < 0.5
    written = []
    for due in range(invoices):
        day = random.randint(0, _DAYS)
        amount = round(random.lognormvariate(0, 0.6) * scale * 100) + 1
        if standing and random.random() < 0.5:
            amount = price * random.randint(1, 9)
        written += [(day, amount, False, due), (day + random.randint(10, 45), -amount, True, due)]
    return sorted(written)


def _write(
    writer: _Writer, name: str, distributors: list[str], documents: list[tuple[int, str, int]]
) -> None:
    random = writer.random
    kinds, rates = list(RATES), list(RATES.values())
    waiting = list(documents)[::-1]
    while waiting:
        day, reference, amount = waiting.pop()
        kind = random.choices(kinds, rates)[0]
        if kind.startswith("sum_in_theirs"):
            parts = [(day, reference, amount)]
            wanted = random.choice([2, 2, 2, 2, 3])
            for each in reversed(waiting[-12:]):
                if len(parts) < wanted and (each[2] > 0) == (amount > 0) and each[0] - day <= 10:
                    parts.append(each)
            if len(parts) > 1:
                for each in parts[1:]:
                    waiting.remove(each)
                _write_sum(writer, name, kind, parts)
                continue
            kind = "exact"
        _write_one(writer, name, distributors, kind, (day, reference, amount))


def _write_sum(writer: _Writer, name: str, kind: str, parts: list[tuple[int, str, int]]) -> None:
    our = tuple(writer.entry(0, name, *part) for part in parts)
    joined = "" if kind.endswith("no_ref") else "/".join(part[1] for part in parts)
    day = max(part[0] for part in parts) + writer.random.randint(0, 1)
    their = writer.entry(1, name, day, joined, sum(part[2] for part in parts), f"{len(parts)} docs")
    writer.truth.append((kind, our, (their,)))


def _write_one(
    writer: _Writer, name: str, distributors: list[str], kind: str, document: tuple[int, str, int]
) -> None:
    random = writer.random
    day, reference, amount = document
    if kind == "missing_in_ours":
        number = f"X{random.randint(1_000_000, 9_999_999)}"
        writer.truth.append(
            (kind, (), (writer.entry(1, name, day, number, amount + random.randint(-900, 900)),))
        )
        kind = "exact"
    our = [writer.entry(0, name, day, reference, amount)]
    if kind == "missing_in_theirs":
        writer.truth.append((kind, tuple(our), ()))
        return
    if kind == "duplicate_in_ours":
        our.append(writer.entry(0, name, day + random.choice([0, 1]), reference, amount))
    if kind == "wrong_partner":
        name = random.choice([each for each in distributors[:50] if each != name])
    parts = _their_side(random, kind, document)
    texts = ["1/2", "2/2"] if kind == "split_in_theirs" else [""] * len(parts)
    their = tuple(writer.entry(1, name, *each, text) for each, text in zip(parts, texts, strict=True))
    writer.truth.append((kind, tuple(our), their))


def _their_side(random: Random, kind: str, document: tuple[int, str, int]) -> list[tuple[int, str, int]]:
    """The entries of the other book for one document: date, reference, amount."""
    day, reference, amount = document
    if kind in ("ref_format", "ref_format_and_date_shift"):
        reference = _reformatted(random, reference)
    if kind in ("date_shift", "ref_format_and_date_shift"):
        day += random.choice(_SHIFTS)
    if kind == "ref_missing":
        return [(day + random.choice([0, 0, 1, 2]), "", amount)]
    if kind == "split_in_theirs":
        part = round(amount * random.uniform(0.25, 0.75))
        later = day + random.choice([0, 0, 0, 1, 1, 14])
        return [(day, reference, part), (later, reference, amount - part)]
    if kind.startswith("amount_"):
        return [(day, reference, _mistyped(random, kind, amount))]
    if kind == "duplicate_in_theirs":
        return [(day, reference, amount), (day + random.choice([0, 0, 1, 30]), reference, amount)]
    return [(day, reference, -amount if kind == "sign_error" else amount)]


def _reformatted(random: Random, reference: str) -> str:
    digits = "".join(c for c in reference if c.isdigit())
    letters = reference[: len(reference) - len(digits)]
    cut = random.randint(1, len(digits) - 1)
    full_width = digits.translate({ord("0") + i: ord("０") + i for i in range(10)})
    return random.choice(
        [
            f"{letters} {digits[:cut]} {digits[cut:]}",
            f"{reference}#",
            reference.lower(),
            f"{letters}00{digits}",
            f" {reference} ",
            f"PO-{digits}" if letters == "PO" else f"PAY{digits}",
            f"NO.{reference}",
            f"（{reference}）",
            f"{letters}{full_width}",
        ]
    )


def _mistyped(random: Random, kind: str, amount: int) -> int:
    """The amount with a digit typed over, two swapped, or rounded; never the amount itself."""
    sign, digits = (1 if amount > 0 else -1), list(str(abs(amount)))
    if kind == "amount_rounded":
        return amount + random.choice([-17, -5, -3, -2, 2, 3, 5])
    swaps = [i for i in range(len(digits) - 1) if digits[i] != digits[i + 1] and digits[i + 1] != "0"]
    if kind == "amount_transposed" and swaps:
        i = random.choice(swaps)
        digits[i], digits[i + 1] = digits[i + 1], digits[i]
    else:
        i = random.randrange(len(digits))
        digits[i] = random.choice([c for c in "123456789" if c != digits[i]])
    return sign * int("".join(digits))


def _frame(random: Random, rows: list[list[object]]) -> pd.DataFrame:
    order = sorted(rows, key=lambda row: (row[2], row[0]))
    columns = ["entry_id", "distributor_id", "date", "reference", "amount_minor", "text"]
    table = pd.DataFrame(order, columns=columns)
    table["date"] = pd.Timestamp("2016-01-01") + pd.to_timedelta(table["date"], unit="D")
    return table.astype({"amount_minor": "int64"})


def _truth(writer: _Writer) -> pd.DataFrame:
    return pd.DataFrame(writer.truth, columns=["kind", "our_ids", "their_ids"])
