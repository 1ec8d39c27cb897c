"""The waterfall of an order line: every rule, reason and cap, the documented cases, brute force, bad input."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.order_suggestion import order_up_to_level, suggest_order

NAN = float("nan")
unhurried = settings(deadline=None)  # a busy machine is no failure
STEPS = ["target", "usable", "need", "after_minimum", "after_pack", "after_cap", "quantity"]
ADDED = [*STEPS, "amount", "days_after", "reason", "capped_by", "status", "missing"]


def lines(**columns: object) -> pd.DataFrame:
    """Order lines: 10 a day without spread, 2 + 7 days to cover, packs of 12; with the given columns changed."""
    usual = {
        "product_id": "tea",
        "on_hand": 0.0,
        "on_order": 0.0,
        "demand_mean": 10.0,
        "demand_sd": 0.0,
        "lead_time": 2.0,
        "review_period": 7.0,
        "service_level": 0.95,
        "pack": 12.0,
        "minimum": 0.0,
        "unit_price": 2.5,
    }
    table = {**usual, **columns}
    rows = max(len(v) if isinstance(v, list) else 1 for v in table.values())
    return pd.DataFrame({name: v if isinstance(v, list) else [v] * rows for name, v in table.items()})


def line(policy: str = "service_level", **columns: object) -> pd.Series:
    return suggest_order(lines(**columns), policy=policy).iloc[0]


class TestWaterfall:
    def test_each_step_stands_in_its_column(self) -> None:
        row = line(on_hand=20.0, on_order=12.0, unusable=5.0, minimum=80.0)
        assert row[STEPS].tolist() == [90, 27, 63, 80, 84, 84, 84]
        assert row["amount"] == 210
        assert row["days_after"] == pytest.approx(11.1)
        assert row["capped_by"] == ""

    def test_the_target_is_the_order_up_to_level_with_the_promotion_on_the_mean(self) -> None:
        row = line(demand_sd=3.0, lead_time_sd=1.5, promo_uplift=0.2)
        level = order_up_to_level(12, 3, lead_time=2, review_period=7, service_level=0.95, lead_time_sd=1.5)
        assert row["target"] == pytest.approx(float(level), rel=1e-12)

    def test_enough_stock_needs_nothing_whatever_the_minimum(self) -> None:
        row = line(on_hand=95.0, minimum=24.0)
        assert row[STEPS].tolist() == [90, 95, 0, 0, 0, 0, 0]

    def test_a_need_that_is_the_noise_of_floats_orders_nothing(self) -> None:
        assert line(demand_mean=0.1 + 0.2, on_hand=2.7, lead_time=0.0, review_period=9.0)["quantity"] == 0

    def test_packs_that_are_whole_but_for_the_noise_of_floats_stay(self) -> None:
        assert line(demand_mean=72.00000001 / 9)["quantity"] == 72

    def test_negative_stock_is_counted_and_flagged(self) -> None:
        row = line(on_hand=-6.0)
        assert row["need"] == 96
        assert row["status"] == "negative"
        assert line(on_hand=6.0)["status"] == "normal"

    def test_a_missing_optional_value_means_the_line_goes_without(self) -> None:
        optional = [
            "lead_time_sd",
            "promo_uplift",
            "unusable",
            "shelf_life",
            "max_days",
            "min_level",
            "max_level",
        ]
        plain, without = line(), line(**dict.fromkeys([*optional, "cover_days", "receipts"], NAN))
        pd.testing.assert_series_equal(plain[ADDED], without[ADDED])

    def test_whole_numbers_and_nullable_ones_give_the_same(self) -> None:
        table = lines(on_hand=20.0, minimum=24.0, max_level=100.0)
        as_integers = table.astype({"on_hand": "int64", "minimum": "Int64", "max_level": "Float64"})
        pd.testing.assert_frame_equal(suggest_order(table)[ADDED], suggest_order(as_integers)[ADDED])


class TestPolicies:
    def test_cover_days_is_the_promoted_mean_without_lead_time_or_safety(self) -> None:
        row = line("cover_days", cover_days=14.0, promo_uplift=0.5, demand_sd=9.0)
        assert row["target"] == 210

    def test_min_max_fills_up_to_the_maximum_below_the_minimum(self) -> None:
        table = lines(on_hand=[19.0, 20.0], min_level=20.0, max_level=50.0, promo_uplift=1.0, pack=1.0)
        found = suggest_order(table, policy="min_max")
        assert found["target"].tolist() == [50, 20]
        assert found["quantity"].tolist() == [31, 0]

    def test_one_and_half_is_one_and_a_half_times_what_sold_since_the_last_visit(self) -> None:
        row = line("one_and_half", previous_on_hand=50.0, receipts=30.0, on_hand=40.0, promo_uplift=1.0)
        assert row["target"] == 60
        assert row["quantity"] == 24

    def test_a_company_may_choose_the_policy_of_each_line(self) -> None:
        policies = ["cover_days", "min_max", "service_level", "one_and_half"]
        columns = {
            "cover_days": 14.0, "min_level": 20.0, "max_level": 400.0, "previous_on_hand": 50.0, "receipts": 0.0
        }  # fmt: skip
        table = lines(product_id=list("abcd"), **columns)
        mixed = suggest_order(table, policy=policies)
        for row, policy in enumerate(policies):
            alone = suggest_order(table, policy=policy)
            pd.testing.assert_series_equal(mixed[ADDED].iloc[row], alone[ADDED].iloc[row])

    @pytest.mark.parametrize(
        ("policy", "column"),
        [("cover_days", "cover_days"), ("min_max", "min_level"), ("one_and_half", "previous_on_hand")],
    )
    def test_a_policy_names_the_column_it_lacks(self, policy: str, column: str) -> None:
        with pytest.raises(InvalidInput, match=f"{column}: expected a column"):
            suggest_order(lines(), policy=policy)


class TestCaps:
    @pytest.mark.parametrize(("most", "capped_by"), [(300.0, "max_level"), (250.0, "")])
    def test_the_documented_case_194_on_hand_gives_one_pack(self, most: float, capped_by: str) -> None:
        row = line("min_max", on_hand=194.0, min_level=200.0, max_level=most, pack=100.0)
        assert row["quantity"] == 100
        assert row["capped_by"] == capped_by

    def test_the_most_whole_packs_within_the_maximum_level(self) -> None:
        row = line(max_level=70.0)
        assert (row["after_pack"], row["after_cap"], row["capped_by"]) == (96, 60, "max_level")

    def test_the_most_whole_packs_within_the_days_of_cover(self) -> None:
        row = line(max_days=5.0, max_level=70.0, on_hand=10.0)
        assert (row["after_cap"], row["capped_by"]) == (36, "max_days")

    def test_a_cap_gives_way_below_the_minimum_level(self) -> None:
        row = line(max_days=2.0, min_level=30.0)
        assert (row["after_cap"], row["capped_by"]) == (36, "")

    def test_the_minimum_level_asks_for_no_more_than_the_need(self) -> None:
        assert line(max_level=500.0, min_level=400.0)["quantity"] == 96

    def test_shelf_life_is_never_overruled(self) -> None:
        row = line(shelf_life=3.0, min_level=60.0, max_level=70.0)
        assert (row["after_cap"], row["capped_by"]) == (24, "shelf_life")

    def test_stock_near_its_expiry_leaves_room_for_the_order(self) -> None:
        assert line(on_hand=30.0, shelf_life=5.0)["quantity"] == 12
        assert line(on_hand=30.0, shelf_life=5.0, unusable=30.0)["quantity"] == 48

    def test_a_capped_quantity_below_the_minimum_is_nothing(self) -> None:
        row = line(max_level=70.0, minimum=72.0)
        assert (row["after_pack"], row["quantity"], row["capped_by"]) == (96, 0, "max_level")

    def test_a_cap_at_a_whole_pack_but_for_the_noise_of_floats_keeps_the_pack(self) -> None:
        assert line(max_level=60 * (1 - 1e-12))["quantity"] == 60

    @settings(max_examples=300, deadline=None)
    @given(
        usable=st.integers(-5, 40),
        target=st.integers(0, 40),
        pack=st.integers(1, 9),
        minimum=st.integers(0, 20),
        bounds=st.fixed_dictionaries(
            {},
            optional={
                name: st.integers(0, 60) for name in ("min_level", "max_level", "max_days", "shelf_life")
            },
        ),
    )
    def test_small_numbers_agree_with_trying_every_number_of_packs(
        self, usable: int, target: int, pack: int, minimum: int, bounds: dict[str, int]
    ) -> None:
        found = line(
            on_hand=float(usable),
            demand_mean=1.0,
            lead_time=float(target),
            review_period=0.0,
            pack=float(pack),
            minimum=float(minimum),
            **{name: float(bound) for name, bound in bounds.items()},
        )
        rounded, kept, lifted = tried(max(target - usable, 0), usable, pack, minimum, bounds)
        assert found["after_pack"] == rounded
        assert found["quantity"] == kept
        assert (found["capped_by"] == "") == (kept == rounded or lifted)


def tried(need: int, usable: int, pack: int, minimum: int, bounds: dict[str, int]) -> tuple[int, int, bool]:
    """After pack, after cap, and whether the minimum level decided, by trying every number of packs."""
    wanted = max(need, minimum) if need else 0
    orders = [n * pack for n in range(wanted // pack + 2)]
    rounded = min(q for q in orders if q >= wanted)
    orders = [q for q in orders if q <= rounded]
    cap = min(bounds.get("max_level", math.inf), bounds.get("max_days", math.inf))
    kept = max((q for q in orders if usable + q <= cap), default=0)
    lifted = usable + kept < bounds.get("min_level", -math.inf) and kept < rounded
    if lifted:
        kept = min((q for q in orders if usable + q >= bounds["min_level"]), default=rounded)
    fresh = [q for q in orders if q <= kept and usable + q <= bounds.get("shelf_life", math.inf)]
    aged, kept = max(fresh, default=0) < kept, max(fresh, default=0)
    if kept < rounded and kept < minimum:
        return rounded, 0, False
    return rounded, kept, lifted and not aged


class TestReasons:
    @pytest.mark.parametrize(
        ("reason", "columns"),
        [
            ("discontinued", {"discontinued": True, "demand_mean": 0.0}),
            ("no_sales", {"demand_mean": 0.0, "on_hand": 90.0, "max_level": 50.0}),
            ("excess", {"on_hand": 120.0, "max_days": 10.0}),
            ("enough", {"on_hand": 90.0, "promo_uplift": 0.0}),
            ("promotion", {"on_hand": 90.0, "promo_uplift": 0.2}),
            ("runs_out", {"on_hand": 80.0}),
            ("runs_out", {"on_hand": 80.0, "promo_uplift": 0.2}),
            ("below_level", {"on_hand": 92.0, "demand_sd": 3.0}),
            ("new", {"demand_mean": NAN, "min_level": 20.0, "max_level": 40.0}),
            ("enough", {"demand_mean": NAN, "min_level": 20.0, "max_level": 40.0, "on_hand": 30.0}),
            ("unknown", {"on_hand": NAN}),
        ],
    )
    def test_the_first_reason_that_holds_is_given(self, reason: str, columns: dict[str, object]) -> None:
        assert line(**columns)["reason"] == reason

    def test_a_discontinued_product_shows_its_need_and_is_not_ordered(self) -> None:
        row = line(discontinued=True)
        assert (row["need"], row["after_cap"], row["quantity"], row["amount"]) == (90, 96, 0, 0)

    def test_discontinued_stands_before_what_is_missing(self) -> None:
        row = line(discontinued=True, on_hand=NAN)
        assert (row["reason"], row["quantity"]) == ("discontinued", 0)

    def test_a_level_below_its_minimum_says_so_although_nothing_sells(self) -> None:
        row = line("min_max", demand_mean=0.0, min_level=10.0, max_level=20.0)
        assert (row["reason"], row["quantity"], row["days_after"]) == ("below_level", 24 - 12, math.inf)

    def test_a_new_product_goes_up_to_its_level(self) -> None:
        row = line(demand_mean=NAN, demand_sd=NAN, min_level=24.0, max_level=48.0)
        assert (row["target"], row["quantity"]) == (48, 48)
        assert line(demand_mean=NAN, min_level=24.0)["quantity"] == 24
        assert math.isnan(row["days_after"])

    def test_without_stock_and_sales_the_cover_is_undefined(self) -> None:
        assert math.isnan(line(demand_mean=0.0)["days_after"])


class TestMissing:
    @pytest.mark.parametrize(
        "column",
        [
            "on_hand", "on_order", "demand_mean", "demand_sd", "lead_time", "review_period", "service_level",
            "pack", "minimum",
        ],
    )  # fmt: skip
    def test_a_line_without_a_needed_value_is_unknown_and_says_which(self, column: str) -> None:
        row = line(**{column: NAN})
        assert (row["status"], row["reason"], row["missing"]) == ("unknown", "unknown", column)
        assert math.isnan(row["quantity"])
        assert math.isnan(row["amount"])

    def test_a_missing_price_leaves_the_amount_open_and_the_quantity_as_it_is(self) -> None:
        row = line(unit_price=NAN)
        assert (row["quantity"], row["status"]) == (96, "normal")
        assert math.isnan(row["amount"])

    def test_a_value_that_the_policy_does_not_need_may_be_missing(self) -> None:
        row = line("min_max", min_level=10.0, max_level=20.0, lead_time=NAN, demand_sd=NAN, service_level=NAN)
        assert (row["quantity"], row["status"]) == (12, "normal")

    @pytest.mark.parametrize(
        ("policy", "column"),
        [("cover_days", "cover_days"), ("min_max", "max_level"), ("one_and_half", "receipts")],
    )
    def test_what_the_policy_needs_may_not(self, policy: str, column: str) -> None:
        usual = {
            "cover_days": 14.0,
            "min_level": 10.0,
            "max_level": 20.0,
            "previous_on_hand": 9.0,
            "receipts": 9.0,
        }
        row = line(policy, **{**usual, column: NAN})
        assert (row["status"], row["missing"]) == ("unknown", column)

    def test_what_is_missing_follows_the_policy_of_the_line(self) -> None:
        table = lines(cover_days=NAN, demand_sd=[NAN, NAN], product_id=["a", "b"])
        found = suggest_order(table, policy=["cover_days", "service_level"])
        assert found["missing"].tolist() == ["cover_days", "demand_sd"]


class TestTables:
    def test_rows_index_and_the_callers_table_stay_as_they_are(self) -> None:
        table = lines(on_hand=[5.0, NAN, 200.0], product_id=["c", "a", "b"]).set_axis([7, 3, 5])
        before = table.copy()
        found = suggest_order(table)
        pd.testing.assert_frame_equal(table, before)
        pd.testing.assert_frame_equal(found[table.columns], before)
        assert list(found.columns) == [*table.columns, *ADDED]
        found.loc[7, "quantity"] = 1.0
        pd.testing.assert_frame_equal(table, before)

    def test_an_empty_table_comes_back_empty_with_its_columns(self) -> None:
        found = suggest_order(lines().iloc[:0])
        assert len(found) == 0
        assert list(found.columns)[-len(ADDED) :] == ADDED

    def test_many_rows_are_worked_out_like_one(self) -> None:
        random = np.random.default_rng(2)
        rows = 40_000
        table = lines(on_hand=random.integers(-5, 150, rows).astype(float).tolist()).assign(
            demand_mean=random.gamma(2, 5, rows),
            demand_sd=random.gamma(2, 2, rows),
            service_level=random.choice([0.9, 0.95, 0.99], rows),
            max_days=random.integers(5, 60, rows).astype(float),
            promo_uplift=random.choice([0, 0.3], rows),
        )
        found = suggest_order(table)
        for row in (0, 16_383, 16_384, 39_999):
            alone = suggest_order(table.iloc[[row]])
            pd.testing.assert_frame_equal(found.iloc[[row]], alone)

    @unhurried
    @given(st.permutations(range(6)))
    def test_the_order_of_the_rows_does_not_matter(self, order: list[int]) -> None:
        table = lines(on_hand=[0.0, 20.0, 90.0, 300.0, NAN, -5.0], product_id=list("abcdef"), max_days=12.0)
        pd.testing.assert_frame_equal(suggest_order(table).iloc[order], suggest_order(table.iloc[order]))

    def test_more_stock_never_orders_more(self) -> None:
        stock = [float(n) for n in range(150)]
        ordered = suggest_order(lines(on_hand=stock, demand_sd=4.0, minimum=36.0, max_days=11.0))["quantity"]
        packed = suggest_order(lines(on_hand=stock, demand_sd=4.0))["quantity"]
        assert (np.diff(packed) <= 0).all()
        assert (ordered % 12 == 0).all()
        assert ((ordered == 0) | (ordered >= 36)).all()

    def test_a_product_stands_once_for_a_distributor(self) -> None:
        table = lines(product_id=["tea", "tea"])
        assert len(suggest_order(table.assign(distributor_id=["north", "south"]))) == 2
        with pytest.raises(InvalidInput, match="distributor_id, product_id, row 1"):
            suggest_order(table.assign(distributor_id="north"))


NUMERIC = [c for c in lines().columns if c != "product_id"]
OPTIONAL = [
    "lead_time_sd", "promo_uplift", "unusable", "shelf_life", "max_days", "min_level", "max_level", "cover_days",
    "previous_on_hand", "receipts",
]  # fmt: skip


class TestBadInput:
    @pytest.mark.parametrize("column", ["product_id", *NUMERIC])
    def test_a_missing_column_is_named(self, column: str) -> None:
        with pytest.raises(InvalidInput, match=f"{column}: expected a column"):
            suggest_order(lines().drop(columns=column))

    @pytest.mark.parametrize(
        ("column", "value"), list(itertools.product([*NUMERIC, *OPTIONAL], [math.inf, -math.inf, "7"]))
    )
    def test_infinite_values_and_text_are_named_with_their_row(self, column: str, value: object) -> None:
        table = lines(product_id=["tea", "oil"], **{column: [0.5, value]})
        with pytest.raises(InvalidInput, match=f"{column}, row 1"):
            suggest_order(table)

    @pytest.mark.parametrize(
        "column",
        [
            c
            for c in [*NUMERIC, *OPTIONAL]
            if c not in ("on_hand", "on_order", "demand_mean", "previous_on_hand", "receipts")
        ],
    )
    def test_what_cannot_be_negative_is_refused_with_its_row(self, column: str) -> None:
        with pytest.raises(InvalidInput, match=f"{column}, row 1.*-2"):
            suggest_order(lines(product_id=["tea", "oil"], **{column: [0.5, -2.0]}))

    @pytest.mark.parametrize(
        ("column", "value"), [("pack", 0.0), ("service_level", 0.0), ("service_level", 1.0)]
    )
    def test_a_pack_of_nothing_and_a_service_level_at_the_edge_are_refused(
        self, column: str, value: float
    ) -> None:
        with pytest.raises(InvalidInput, match=f"{column}, row 1"):
            suggest_order(lines(product_id=["tea", "oil"], **{column: [0.5, value]}))

    def test_discontinued_is_true_false_or_missing(self) -> None:
        assert suggest_order(lines(discontinued=[True, None]))["quantity"].tolist() == [0, 96]
        with pytest.raises(InvalidInput, match="discontinued, row 1"):
            suggest_order(lines(discontinued=[True, "yes"]))

    @pytest.mark.parametrize("policy", ["1.5", "", ["service_level", "min"], ["service_level"], [None, None]])
    def test_an_unknown_policy_is_refused(self, policy) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(InvalidInput, match="policy"):
            suggest_order(lines(product_id=["tea", "oil"]), policy=policy)
