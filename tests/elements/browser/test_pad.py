import re

import pytest
from playwright.sync_api import expect

from tests.elements.hands import cell, check, holds, kept, opened, refuse, says, server, tap, until

UUID7 = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


@pytest.fixture
def visit(request):
    return request.node.name


def test_an_entry_says_who_what_where_and_on_which_value(open_page, visit):
    page = open_page()
    tap(page, "45", "next")
    holds(page, visit, {("P000", None, "cases"): 45})
    [entry] = server(page, visit)["log"]
    assert UUID7.match(entry.pop("id"))
    assert entry.pop("at").endswith("Z")
    assert entry == {
        "user": "anna",
        "visit": visit,
        "row": "P000",
        "lot": None,
        "field": "cases",
        "value": 45,
        "unit": "case",
        "source": "counted",
        "base": None,
    }


def test_a_count_of_cases_and_pieces_takes_five_taps(open_page, visit):
    page = open_page()
    tap(page, "12", "switch", "3", "next")
    holds(page, visit, {("P000", None, "cases"): 12, ("P000", None, "pieces"): 3})
    assert cell(page, "P000", "cases") == "12 c"
    assert page.locator(".current-name").inner_text().startswith("Orange juice")


def test_a_price_takes_five_taps_and_next_leads_to_the_retail_price(open_page, visit):
    page = open_page(kind="prices")
    assert page.locator('[data-act="next"]').inner_text() == "Retail ›"
    tap(page, "37", ".", "5", "next")
    assert page.locator('[data-act="next"]').inner_text() == "Next ›"
    tap(page, "4", ".", "8", "next")
    holds(page, visit, {("P000", None, "trade"): 37.5, ("P000", None, "retail"): 4.8})
    assert page.locator(".current-name").inner_text() == "Orange juice 450 ml · trade/case"


def test_a_number_that_was_typed_and_never_left_is_stored_when_typing_rests(open_page, visit):
    page = open_page()
    tap(page, "45")
    holds(page, visit, {("P000", None, "cases"): 45})
    assert opened(page) == "45"


def test_none_here_is_zero_and_an_emptied_field_is_no_value(open_page, visit):
    page = open_page()
    tap(page, "none", "45", "next")
    holds(page, visit, {("P000", None, "cases"): 0, ("P000", None, "pieces"): 0, ("P001", None, "cases"): 45})
    tap(page, "previous", "back", "back", "next")
    until(lambda: server(page, visit)["current"][("P001", None, "cases")], None, page)
    assert check(page, "P001") == "not counted"
    assert check(page, "P000") == "Really? −46c12b"


def test_skipping_is_an_entry_of_its_own_and_the_same_key_takes_it_back(open_page, visit):
    page = open_page()
    tap(page, "45", "next", "previous", "skip")
    holds(page, visit, {("P000", None, "cases"): None, ("P000", None, "stock_skipped"): True})
    assert check(page, "P000") == "skipped"
    tap(page, "previous", "skip")
    until(lambda: server(page, visit)["current"][("P000", None, "stock_skipped")], None, page)
    assert check(page, "P000") == "not counted"


def test_a_skipped_product_that_gets_a_value_is_skipped_no_longer(open_page, visit):
    page = open_page()
    tap(page, "skip", "previous", "7", "next")
    holds(page, visit, {("P000", None, "cases"): 7, ("P000", None, "stock_skipped"): None})


def test_same_as_last_is_one_tap(open_page, visit):
    page = open_page(kind="prices")
    tap(page, "same")
    holds(page, visit, {("P000", None, "trade"): 48})
    assert page.locator(".current-name").inner_text() == "Jasmine tea 500 ml · retail/pc"


def test_the_check_says_how_far_a_count_is_from_what_is_expected(open_page):
    page = open_page()
    tap(page, "45", "next", "49", "switch", "4", "next", "30", "next", "99", "next")
    assert check(page, "P000") == "−1c12b"
    assert check(page, "P001") == "✓"
    assert check(page, "P002") == "−18c1b"
    assert check(page, "P003") == "Really? +87c7b"
    tones = [page.locator(f'.line[data-row="P00{n}"] .check').get_attribute("class") for n in range(5)]
    assert tones == ["check good", "check good", "check attention", "check attention", "check quiet"]


def test_the_check_says_how_far_a_price_is_from_the_market(open_page):
    page = open_page(kind="prices")
    tap(page, "49", "next", "next", "45", "next", "next", "55", "next", "next", "20", "next", "next")
    assert [check(page, f"P00{n}") for n in range(5)] == ["✓", "▼ 10.0 %", "▲ 10.0 %", "Really?", ""]
    spoken = page.locator('.line[data-row="P001"] .check').get_attribute("aria-label")
    assert spoken == "10.0 % below the market"


def test_a_blind_count_shows_what_is_expected_only_after_the_product_is_left(open_page):
    page = open_page(blind="1")
    second = page.locator('.line[data-row="P000"] .name span')
    assert second.inner_text() == ""
    tap(page, "45")
    until(lambda: len(kept(page, "drafts")), 1, page)
    page.wait_for_timeout(900)
    assert (second.inner_text(), check(page, "P000")) == ("", "")
    tap(page, "next")
    assert (second.inner_text(), check(page, "P000")) == ("expected 46 c 12 b", "−1c12b")


def test_a_keyboard_counts_as_well(open_page, visit):
    page = open_page()
    page.keyboard.type("457")
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.keyboard.type("8")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    holds(
        page,
        visit,
        {
            ("P000", None, "cases"): 45,
            ("P000", None, "pieces"): 3,
            ("P001", None, "cases"): None,
            ("P002", None, "cases"): 6,
        },
    )


def paste(page, text):
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text", text);
            document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        text,
    )


@pytest.mark.parametrize(
    ("pasted", "value"),
    [
        ("23,4", 23.4),
        ("１２", 12),
        ("１２．５", 12.5),
        ("1,234.50", 1234.5),
        (" ¥ 48.00 ", 48),
        ("1,234", 1234),
    ],
)
def test_a_pasted_price_is_understood(open_page, visit, pasted, value):
    page = open_page(kind="prices")
    paste(page, pasted)
    tap(page, "next")
    holds(page, visit, {("P000", None, "trade"): value})


@pytest.mark.parametrize("pasted", ["23,4", "twelve", "-5", "1e3", "123456"])
def test_what_is_no_count_is_not_pasted_and_said(open_page, visit, pasted):
    page = open_page()
    paste(page, pasted)
    expect(page.locator(".hint.wrong")).to_have_text(f"“{pasted}” is no number for this field.")
    tap(page, "next", "5", "next")
    holds(page, visit, {("P001", None, "cases"): 5})


def test_a_full_width_digit_of_an_input_method_is_a_digit(open_page, visit):
    page = open_page()
    press = "init => document.body.dispatchEvent(new KeyboardEvent('keydown', {...init, bubbles: true}))"
    page.evaluate(press, {"key": "１", "code": "Digit1"})
    page.evaluate(press, {"key": "Process", "code": "Digit2"})
    tap(page, "next")
    holds(page, visit, {("P000", None, "cases"): 12})


def test_a_number_above_the_most_is_not_typed_and_said(open_page):
    page = open_page()
    tap(page, "999999")
    assert opened(page) == "99999"
    assert page.locator(".hint.wrong").inner_text() == "At most 99999"


def test_a_half_typed_number_is_there_after_a_reload_and_goes_on(open_page, visit):
    page = open_page()
    tap(page, "next", "4")
    until(lambda: [draft["text"] for draft in kept(page, "drafts")], ["4"], page)
    page.reload()
    page.locator("#open").wait_for()
    until(lambda: opened(page), "4", page)
    tap(page, "5", "next")
    holds(page, visit, {("P001", None, "cases"): 45})
    stored = server(page, visit)
    assert stored["conflicts"] == []
    assert [entry["value"] for entry in stored["log"]] in ([4, 45], [45])
    assert kept(page, "drafts") == []


def test_a_half_typed_number_outlives_a_tab_that_dies_without_a_link(open_page, visit, tablet):
    page = open_page()
    refuse(page)
    tap(page, "4")
    until(lambda: len(kept(page, "drafts")), 1, page)
    page.close(run_before_unload=False)
    page = open_page()
    until(lambda: opened(page), "4", page)
    tap(page, "5", "next")
    holds(page, visit, {("P000", None, "cases"): 45})


SLOW_DISK = """
    const {get, set} = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "oncomplete");
    Object.defineProperty(IDBTransaction.prototype, "oncomplete", {get, set(told) {
        const writesEntries = this.mode === "readwrite" && this.objectStoreNames.contains("entries");
        set.call(this, writesEntries ? () => {} : told);
    }});
"""


def test_what_is_typed_lies_on_the_tablet_as_typed_until_its_entry_does(open_page, visit, tablet):
    tablet.add_init_script(SLOW_DISK)
    page = open_page()
    refuse(page)
    tap(page, "12", "next", "7")

    def drafts():
        return {(draft["cell"]["row"], draft["text"], draft["value"]) for draft in kept(page, "drafts")}

    until(drafts, {("P000", "12", None), ("P001", "7", None)}, page)
    page.wait_for_timeout(1_000)  # typing rests, and the entry of the 7 is made
    assert drafts() == {("P000", "12", None), ("P001", "7", None)}
    page.close(run_before_unload=False)
    page = open_page()
    holds(page, visit, {("P000", None, "cases"): 12, ("P001", None, "cases"): 7})
    assert server(page, visit)["conflicts"] == []


def test_a_product_with_lots_unfolds_a_line_a_lot_and_takes_new_dates(open_page, visit):
    page = open_page(lots="1")
    tap(page, "next", "12", "switch", "3", "next", "0627")
    assert page.locator(".lot b").all_inner_texts() == ["03/26", "06/27"]
    tap(page, "8", "next", "next")
    assert page.locator(".lot").count() == 0
    holds(
        page,
        visit,
        {
            ("P001", "2026-03", "cases"): 12,
            ("P001", "2026-03", "pieces"): 3,
            ("P001", "2027-06", "cases"): 8,
        },
    )
    assert (cell(page, "P001", "cases"), cell(page, "P001", "pieces")) == ("20 c", "3 b")
    assert check(page, "P001") == "Really? −29c1b"


def test_a_month_that_does_not_exist_is_not_taken(open_page, visit):
    page = open_page(lots="1")
    tap(page, "next", "next", "1326")
    assert page.locator(".hint.wrong").inner_text().startswith("Month and year")
    tap(page, "back", "back", "back", "227", "5", "next")
    holds(page, visit, {("P001", "2027-12", "cases"): 5})


def test_a_new_lot_with_a_half_typed_quantity_is_there_after_a_reload(open_page, visit):
    page = open_page(lots="1")
    tap(page, "next", "next", "0627", "4")
    until(lambda: len(kept(page, "drafts")), 1, page)
    page.reload()
    page.locator("#open").wait_for()
    until(lambda: opened(page), "4", page)
    tap(page, "2", "next")
    holds(page, visit, {("P001", "2027-06", "cases"): 42})


def test_what_is_counted_without_a_date_is_the_products_own_value(open_page, visit):
    page = open_page(lots="1")
    tap(page, "next")
    page.locator('.lot [data-field="cases"]').last.tap()
    tap(page, "7", "next")
    holds(page, visit, {("P001", None, "cases"): 7})
    assert cell(page, "P001", "cases") == "7 c"


def test_the_hand_is_remembered_by_the_tablet(open_page):
    page = open_page()
    assert page.locator('[data-act="next"]').bounding_box()["x"] > 500
    page.locator(".hand").tap()
    assert page.locator('[data-act="next"]').bounding_box()["x"] < 100
    page.reload()
    page.locator("#open").wait_for()
    assert page.locator('[data-act="next"]').bounding_box()["x"] < 100


def test_the_list_is_a_grid_with_named_keys_and_one_open_cell(open_page):
    page = open_page()
    grid = page.get_by_role("grid", name="Stock")
    assert grid.get_attribute("aria-rowcount") == "25"
    assert grid.get_attribute("aria-activedescendant") == "open"
    assert page.get_by_role("columnheader").all_inner_texts() == ["", "cases", "bottles", "check"]
    assert page.get_by_role("gridcell").count() == 24 * 3
    for name in ("Delete the last digit", "Previous", "None = 0", "Skip today", "Next ›", "7"):
        assert page.get_by_role("button", name=name, exact=True).count() == 1


def test_every_target_is_large_enough_for_a_thumb(open_page):
    page = open_page()
    heights = {round(key.bounding_box()["height"]) for key in page.locator(".key").all()}
    assert heights == {62}
    assert page.locator(".hand").bounding_box()["height"] >= 45
    assert page.locator(".line").first.bounding_box()["height"] == 53
    assert round(page.locator("#open").bounding_box()["height"]) == 46


def test_the_keys_stand_beside_the_list_where_the_screen_is_wide(open_page):
    page = open_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    keys, rows = page.locator(".keys").bounding_box(), page.locator(".list").bounding_box()
    assert keys["x"] >= rows["x"] + rows["width"]
    assert keys["y"] + keys["height"] <= rows["y"] + rows["height"]
    assert {round(key.bounding_box()["height"]) for key in page.locator(".key").all()} == {62}


def test_a_search_narrows_the_list_and_not_the_count(open_page):
    page = open_page(search="ＬＩＭＥ")
    assert page.locator(".line:visible").count() == 3
    assert page.locator(".done").inner_text() == "0 of 24 entered"
    tap(page, "9", "next")
    assert page.locator(".done").inner_text() == "1 of 24 entered"


def test_after_the_last_product_the_pad_goes_to_the_first_that_is_open(open_page):
    page = open_page(products="2")
    tap(page, "next", "5", "next")
    assert page.locator(".current-name").inner_text().startswith("Jasmine")
    tap(page, "6", "next")
    until(lambda: page.locator(".done").inner_text(), "2 of 2 entered", page)


def test_a_digit_touches_its_own_row_alone_among_300_products_with_lots(open_page):
    page = open_page(products="300", lots="1")
    page.evaluate(
        """() => {
            const find = (root) => root.querySelector('.list') ||
                [...root.querySelectorAll('*')].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
            window.touched = new Set();
            new MutationObserver((changes) => {
                for (const {target} of changes) {
                    const element = target.nodeType === 1 ? target : target.parentElement;
                    const line = element.closest('.line');
                    window.touched.add(line ? line.dataset.row : 'the list');
                }
            }).observe(find(document), {subtree: true, childList: true, characterData: true});
        }"""
    )
    tap(page, "457")
    page.wait_for_timeout(1_000)
    assert page.evaluate("[...window.touched]") == ["P000"]


def test_python_is_told_once_typing_rests(open_page):
    page = open_page()
    tap(page, "45", "next", "46", "next", "47", "next")
    expect(page.get_by_text("told waiting=0 empty=True")).to_be_visible(timeout=10_000)
    assert says(page) == "✓ Saved 10:32"
    drawn = int(page.get_by_text("told waiting").inner_text().split("drawn=")[1])
    assert drawn <= 4


def test_a_product_whose_lots_nobody_has_counted_yet_is_counted_like_any_other(open_page, visit):
    page = open_page(lots="new")
    tap(page, "12", "next", "0327", "7", "next", "next", "3", "next")
    holds(
        page,
        visit,
        {("P000", None, "cases"): 12, ("P001", "2027-03", "cases"): 7, ("P002", None, "cases"): 3},
    )


def test_the_open_product_is_always_in_sight(open_page):
    page = open_page(products="300")
    for number in range(14):
        tap(page, str(number % 9 + 1), "next")
        box = page.locator("#open").bounding_box()
        frame = page.locator('[role="grid"]').bounding_box()
        assert frame["y"] < box["y"] < frame["y"] + frame["height"] - box["height"]
