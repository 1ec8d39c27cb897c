import pytest
from playwright.sync_api import expect

from tests.elements.hands import holds, kept, mend, refuse, says, server, until

NOTE = ("objective:1", None, "note")


@pytest.fixture
def visit(request):
    return request.node.name


@pytest.fixture
def page(open_page):
    return open_page(kind="text")


def test_a_note_is_stored_when_typing_rests(page, visit):
    page.locator("textarea").type("The shelf was empty.")
    holds(page, visit, {NOTE: "The shelf was empty."})
    expect(page.locator("textarea")).to_be_focused()
    until(lambda: says(page), "", page)


def test_a_note_speaks_only_of_what_is_not_saved(page, visit):
    refuse(page)
    page.locator("textarea").type("No link here")
    page.locator("textarea").blur()
    until(lambda: says(page), "× No connection, 1 waiting on this tablet", page)
    mend(page)
    holds(page, visit, {NOTE: "No link here"})
    until(lambda: says(page), "", page)


def test_a_button_beside_the_field_gets_the_words_and_the_id_of_their_entry(open_page, visit):
    page = open_page(kind="text", tells="")
    page.locator("textarea").type("Two racks")
    page.get_by_role("button", name="Keep").click()
    entry = server(page, visit)["log"][-1]
    expect(page.get_by_text(f"kept Two racks under {entry['id']}")).to_be_visible()
    holds(page, visit, {NOTE: "Two racks"})


def test_a_half_written_note_is_there_after_a_reload_without_a_link(page, visit):
    refuse(page)
    page.locator("textarea").type("Half a sen")
    until(lambda: [draft["text"] for draft in kept(page, "drafts")], ["Half a sen"], page)
    page.reload()
    expect(page.locator("textarea")).to_have_value("Half a sen")
    page.locator("textarea").press("End")
    page.locator("textarea").type("tence")
    page.locator("textarea").blur()
    mend(page)
    holds(page, visit, {NOTE: "Half a sentence"})
    assert server(page, visit)["conflicts"] == []


def test_letters_that_are_still_composed_are_not_sent(page, visit, tablet):
    probe = tablet.new_cdp_session(page)
    page.locator("textarea").tap()
    probe.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    page.wait_for_timeout(1_500)
    assert (server(page, visit)["log"], kept(page, "drafts")) == ([], [])
    probe.send("Input.insertText", {"text": "你好"})
    holds(page, visit, {NOTE: "你好"})
    assert [entry["value"] for entry in server(page, visit)["log"]] == ["你好"]


def test_an_emptied_note_is_no_value(page, visit):
    page.locator("textarea").fill("Wrong")
    holds(page, visit, {NOTE: "Wrong"})
    page.locator("textarea").fill("  ")
    holds(page, visit, {NOTE: None})


def test_two_notes_for_one_field_are_both_shown(open_page, page, visit):
    other = open_page(context=page.context.browser.new_context(), kind="text", user="ben")
    page.locator("textarea").fill("Anna's")
    holds(page, visit, {NOTE: "Anna's"})
    other.locator("textarea").fill("Ben's")
    expect(other.locator(".choice .says")).to_have_text("Note: two values were entered. Which one counts?")
    assert other.locator(".choice button").all_inner_texts() == ["Anna's (anna)", "Ben's (ben)"]
    other.locator(".choice button").last.click()
    holds(other, visit, {NOTE: "Ben's"})
    expect(other.locator("textarea")).to_have_value("Ben's")
    expect(other.locator(".choice")).to_be_hidden()
    other.context.close()


def test_a_note_taken_up_after_a_reload_is_left_to_who_empties_it(page, visit):
    page.locator("textarea").type("Two racks")
    holds(page, visit, {NOTE: "Two racks"})
    page.reload()
    expect(page.locator("textarea")).to_have_value("Two racks")
    until(lambda: kept(page), [], page)
    elsewhere = {"visit": visit, "row": NOTE[0], "lot": NOTE[1], "field": NOTE[2], "value": None}
    root = "/".join(page.url.split("/")[:3])
    page.context.request.post(f"{root}/elsewhere", data={**elsewhere, "id": "emptied", "user": "anna"})
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("textarea")).to_have_value("")
