"""Photos from the rear camera, kept on the tablet until the server holds them."""

from collections.abc import Mapping, Sequence

from ui.elements.reported import QueueReport, mount
from ui.elements.source import element
from ui.elements.texts import photo_texts

_PHOTO = element("photo")


def photos(
    label: str,
    *,
    visit: str,
    user: str,
    subject: str,
    key: str,
    held: Sequence[str] = (),
    editable: bool = True,
    saved_at: str | None = None,
    texts: Mapping[str, str] | None = None,
) -> QueueReport:
    """Draws the button of the camera and the photos that were taken here or still wait.

    Args:
        label: The words on the button.
        visit: The visit's id.
        user: The signed-in user's id.
        subject: Stable code of what is photographed, such as "display:shelf".
        key: The element's key on the page.
        held: Ids of the photos that the page shows by itself, out of the database.
        editable: Whether photos can be added.
        saved_at: The time of the last row that the database confirmed, as it is shown.
        texts: The words; `None`: `photo_texts()`.

    Returns:
        The queue of this tablet as it was last told.
    """
    data = {"visit": visit, "subject": subject, "label": label, "editable": editable}
    words = photo_texts() if texts is None else texts
    return mount(_PHOTO, key=key, user=user, texts=words, data=data, saved_at=saved_at, acknowledged=held)
