import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.elements.hands import answer, kept, mend, refuse, says, server, until


@pytest.fixture
def visit(request):
    return request.node.name


def picture(name, size=(3000, 1500)):
    file = io.BytesIO()
    Image.new("RGB", size, "green").save(file, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def test_several_photos_are_made_smaller_and_each_is_stored_once(open_page, visit):
    page = open_page(kind="photo")
    assert page.locator("input").get_attribute("capture") == "environment"
    page.locator("input").set_input_files([picture("a.jpg"), picture("b.jpg")])
    until(lambda: len(server(page, visit)["attachments"]), 2, page)
    stored = server(page, visit)["attachments"]
    assert {(one["kind"], one["subject"], one["type"]) for one in stored} == {
        ("photo", "display", "image/jpeg")
    }
    expect(page.locator("figcaption")).to_have_text(["✓ sent", "✓ sent"])
    long_sides = page.locator("figure img").evaluate_all("images => images.map(image => image.naturalWidth)")
    assert long_sides == [2048, 2048]
    assert kept(page, "attachments") == []


def test_a_photo_taken_without_a_link_survives_a_reload_and_is_sent_later(open_page, visit):
    page = open_page(kind="photo")
    refuse(page, "**/attachments*")
    page.locator("input").set_input_files(picture("a.jpg"))
    until(lambda: says(page), "× No connection, 1 waiting on this tablet", page)
    page.reload()
    expect(page.locator("figcaption")).to_have_text("↑ on this tablet")
    mend(page, "**/attachments*")
    until(lambda: len(server(page, visit)["attachments"]), 1, page)
    until(lambda: kept(page, "attachments"), [], page)


def test_a_photo_that_the_server_refuses_says_so_and_can_be_given_up(open_page, visit):
    page = open_page(kind="photo")
    answer(page, 413, "**/attachments*")
    page.locator("input").set_input_files(picture("a.jpg"))
    expect(page.locator("figcaption")).to_have_text("Photo was not accepted: HTTP 413")
    page.locator("figure button").click()
    expect(page.locator("figure")).to_have_count(0)
    assert kept(page, "attachments") == []


def test_a_file_that_is_no_picture_is_named(open_page, visit):
    page = open_page(kind="photo")
    page.locator("input").set_input_files(
        [{"name": "list.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}, picture("b.jpg")]
    )
    expect(page.locator(".problem")).to_have_text("list.jpg is no picture that this browser can read.")
    until(lambda: len(server(page, visit)["attachments"]), 1, page)


def scribble(page):
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(box["x"] + 60 + 20 * step, box["y"] + 60 + 40 * (step % 3))
    page.mouse.up()


INK = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let dark = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] < 128) dark += 1;
    return dark;
}"""


def test_a_signature_is_kept_stroke_by_stroke_and_stored_once(open_page, visit):
    page = open_page(kind="signature")
    sign, clear = page.get_by_role("button", name="Sign"), page.get_by_role("button", name="Clear")
    expect(sign).to_be_disabled()
    scribble(page)
    until(lambda: len(kept(page, "drafts")), 1, page)
    page.reload()
    expect(sign).to_be_enabled()
    assert page.locator("canvas").evaluate(INK) > 200
    sign.click()
    until(lambda: len(server(page, visit)["attachments"]), 1, page)
    [stored] = server(page, visit)["attachments"]
    assert (stored["kind"], stored["subject"], stored["type"]) == ("signature", "order", "image/png")
    expect(sign).to_be_disabled()
    expect(clear).to_be_disabled()


def test_a_cleared_signature_is_gone(open_page):
    page = open_page(kind="signature", visit="cleared")
    scribble(page)
    page.get_by_role("button", name="Clear").click()
    assert page.locator("canvas").evaluate(INK) == 0
    expect(page.get_by_role("button", name="Sign")).to_be_disabled()
