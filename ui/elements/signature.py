"""A signature on the screen, kept on the tablet until the server holds it."""

from collections.abc import Mapping, Sequence

from ui.elements.reported import QueueReport, mount
from ui.elements.source import element
from ui.elements.texts import signature_texts

_SIGNATURE = element("signature")


def signature(
    label: str,
    *,
    visit: str,
    user: str,
    subject: str,
    key: str,
    held: Sequence[str] = (),
    saved_at: str | None = None,
    texts: Mapping[str, str] | None = None,
) -> QueueReport:
    """Draws the paper to sign on. Once signed it cannot be signed again while `held` names the signature.

    Args:
        label: What is signed, in a sentence.
        visit: The visit's id.
        user: The signed-in user's id.
        subject: Stable code of what is signed, such as "order:17".
        key: The element's key on the page.
        held: Ids of the signatures that the database has for this subject.
        saved_at: The time of the last row that the database confirmed, as it is shown.
        texts: The words; `None`: `signature_texts()`.

    Returns:
        The queue of this tablet as it was last told.
    """
    data = {"visit": visit, "subject": subject, "label": label, "signed": bool(held)}
    words = signature_texts() if texts is None else texts
    return mount(_SIGNATURE, key=key, user=user, texts=words, data=data, saved_at=saved_at, acknowledged=held)
