"""What holds for every pair of books: nothing lost, nothing counted twice, the bridge closes to the cent."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from core.reconciliation import Reconciliation, normalise_reference, reconcile

REFERENCES = [
    "",
    None,
    "PO1",
    "po-001",
    "PO2",
    "（PO２）",
    "PO1/PO2",
    "PO1;PO3",
    "PO3",
    "PAY-1",
    "7",
    "NO. 7",
]
AMOUNTS = [0, 1, -1, 2, 3, 5, 8, 100, 101, -100, 300, 10**15, -(10**15), 10**15 + 1, 2 * 10**15]
TABLES = ("matches", "differences", "proposals")


@st.composite
def books(draw, prefix: str):
    size = draw(st.integers(0, 14))
    row = st.tuples(
        st.one_of(st.none(), st.integers(0, 70)),
        st.sampled_from(REFERENCES),
        st.one_of(st.sampled_from(AMOUNTS), st.integers(-400, 400)),
        st.sampled_from(["d1", "d1", "d2"]),
        st.sampled_from(["", None, "1 doc", "2 docs", "3 docs", "9 docs"]),
    )
    rows = draw(st.lists(row, min_size=size, max_size=size))
    table = pd.DataFrame(rows, columns=["day", "reference", "amount_minor", "distributor_id", "text"])
    table["date"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(table.pop("day").astype(float), unit="D")
    table["entry_id"] = [f"{prefix}{number}" for number in draw(st.permutations(range(size)))]
    return table.astype(
        {"amount_minor": "int64"} | dict.fromkeys(["reference", "distributor_id", "text"], object)
    )


@st.composite
def links(draw, ours: pd.DataFrame, theirs: pd.DataFrame):
    """A person's confirmed links, each entry once and none across distributors, and refused ones."""
    confirmed = []
    for distributor in ("d1", "d2"):
        ids = [list(table.entry_id[table.distributor_id == distributor]) for table in (ours, theirs)]
        our, their = (draw(st.lists(st.sampled_from(i), unique=True, max_size=3)) if i else [] for i in ids)
        if our or their:
            confirmed.append((tuple(our), tuple(their)))
    refused = []
    if len(ours) and len(theirs):
        side = [
            st.lists(st.sampled_from(list(t.entry_id)), unique=True, min_size=1, max_size=2)
            for t in (ours, theirs)
        ]
        refused = draw(st.lists(st.tuples(*(each.map(tuple) for each in side)), max_size=4))
    same = {(frozenset(our), frozenset(their)) for our, their in confirmed}
    return confirmed, [link for link in refused if (frozenset(link[0]), frozenset(link[1])) not in same]


@st.composite
def cases(draw):
    ours, theirs = draw(books("a")), draw(books("x"))
    confirmed, refused = draw(links(ours, theirs)) if draw(st.booleans()) else ([], [])
    options = {
        "amount_tolerance_minor": draw(st.sampled_from([0, 0, 1, 5])),
        "max_group": draw(st.integers(2, 6)),
        "confirmed": confirmed,
        "refused": refused,
    }
    return ours, theirs, options


def amounts(table: pd.DataFrame) -> dict[str, int]:
    return dict(zip(table.entry_id, table.amount_minor.tolist(), strict=True))


def groups(result: Reconciliation) -> list[tuple[str, list[str], list[str]]]:
    """Rule or kind, our ids and their ids of every match and every two-sided difference."""
    found = []
    for _, rows in result.matches.groupby("match_id"):
        sides = [rows.entry_id[rows.side == side].tolist() for side in ("ours", "theirs")]
        found.append((rows.rule.iloc[0], *sides))
    differs = result.differences[result.differences.kind == "amount_differs"]
    return found + [(row.kind, list(row.our_ids), list(row.their_ids)) for row in differs.itertuples()]


@settings(deadline=None, max_examples=60)
@given(cases())
def test_every_entry_stands_once_and_the_bridge_closes_to_the_cent(case):
    ours, theirs, options = case
    result = reconcile(ours, theirs, **options)
    standing = result.differences[result.differences.kind != "rounding"]
    for side, table, column in (("ours", ours, "our_ids"), ("theirs", theirs, "their_ids")):
        placed = result.matches.entry_id[result.matches.side == side].tolist()
        placed += [each for ids in standing[column] for each in ids]
        assert sorted(placed) == sorted(table.entry_id)
    our, their = amounts(ours), amounts(theirs)
    for row in result.differences.itertuples():
        assert row.amount_minor == sum(our[i] for i in row.our_ids) - sum(their[i] for i in row.their_ids)
    assert result.our_balance_minor == sum(our.values())
    assert result.their_balance_minor == sum(their.values())
    total = sum(map(int, result.differences.amount_minor))
    assert result.our_balance_minor - result.their_balance_minor == total
    assert result.matched_minor == sum(our[i] for i in result.matches.entry_id if i in our)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_matches_are_equal_but_for_the_remainder_that_is_shown(case):
    ours, theirs, options = case
    result = reconcile(ours, theirs, **options)
    our, their = amounts(ours), amounts(theirs)
    shown = {
        (row.our_ids, row.their_ids): row.amount_minor
        for row in result.differences[result.differences.kind == "rounding"].itertuples()
    }
    for rule, our_ids, their_ids in groups(result):
        if rule != "amount_differs":
            rest = sum(our[i] for i in our_ids) - sum(their[i] for i in their_ids)
            assert shown.pop((tuple(our_ids), tuple(their_ids)), 0) == rest
            assert abs(rest) <= options["amount_tolerance_minor"]
    assert not shown


@settings(deadline=None, max_examples=60)
@given(cases())
def test_no_match_and_no_difference_crosses_distributors(case):
    ours, theirs, options = case
    result = reconcile(ours, theirs, **options)
    owner = dict(zip(ours.entry_id, ours.distributor_id, strict=True))
    owner |= dict(zip(theirs.entry_id, theirs.distributor_id, strict=True))
    for _, our_ids, their_ids in groups(result):
        assert len({owner[each] for each in our_ids + their_ids}) == 1
    other = result.proposals[result.proposals.rule != "misposted"]
    for row in other.itertuples():
        assert len({owner[each] for each in row.our_ids + row.their_ids}) == 1


@settings(deadline=None, max_examples=60)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(case, random):
    ours, theirs, options = case
    result = reconcile(ours, theirs, **options)
    shuffled = []
    for table in (ours, theirs):
        order = list(range(len(table)))
        random.shuffle(order)
        shuffled.append(table.iloc[order])
    again = reconcile(*shuffled, **options)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(result, name), getattr(again, name))
    assert result.not_tried == again.not_tried


@settings(deadline=None, max_examples=60)
@given(cases())
def test_what_a_person_confirmed_stands_and_what_was_refused_is_neither_made_nor_offered(case):
    ours, theirs, options = case
    result = reconcile(ours, theirs, **options)
    made = {(frozenset(our), frozenset(their)) for rule, our, their in groups(result)}
    confirmed = {(frozenset(our), frozenset(their)) for our, their in options["confirmed"]}
    assert confirmed <= made
    offered = {(frozenset(row.our_ids), frozenset(row.their_ids)) for row in result.proposals.itertuples()}
    for our, their in (made - confirmed) | offered:
        assert not any(our.issuperset(r[0]) and their.issuperset(r[1]) for r in options["refused"])


@settings(deadline=None, max_examples=60)
@given(cases())
def test_proposals_confirm_nothing(case):
    ours, theirs, options = case
    result = reconcile(ours, theirs, **options)
    missing = result.differences[result.differences.kind.isin(["missing_in_ours", "missing_in_theirs"])]
    lost = {each for row in missing.itertuples() for each in row.our_ids + row.their_ids}
    for row in result.proposals.itertuples():
        assert set(row.our_ids + row.their_ids) <= lost
        assert row.our_ids
        assert row.their_ids


@settings(deadline=None, max_examples=60)
@given(cases())
def test_confirming_what_was_matched_keeps_it(case):
    ours, theirs, options = case
    result = reconcile(ours, theirs, **options)
    own = [(tuple(our), tuple(their)) for rule, our, their in groups(result) if rule != "amount_differs"]
    again = reconcile(ours, theirs, **(options | {"confirmed": own, "refused": []}))
    assert {(frozenset(o), frozenset(t)) for o, t in own} <= {
        (frozenset(our), frozenset(their)) for _, our, their in groups(again)
    }


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=20))
def test_normalising_a_reference_twice_is_normalising_it_once(text):
    once = normalise_reference(text)
    assert normalise_reference(once) == once


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=8))
def test_references_are_normalised_alike_alone_and_together(texts):
    assert normalise_reference(texts).tolist() == [normalise_reference(text) for text in texts]
