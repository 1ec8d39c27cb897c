"""Small forms, read with a limit: nobody fills the memory before having signed in."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

LARGEST = 8 * 1024
_MOST_FIELDS = 20


async def read_form(request: Request) -> dict[str, str] | Response:
    """The fields of a form, or the answer to one that is too large or no form at all."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return PlainTextResponse("A form is expected here.", 415)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return PlainTextResponse("This form is too large.", 413)
    try:
        fields = parse_qs(
            body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        return PlainTextResponse("This form has too many fields.", 400)
    return {name: values[0] for name, values in fields.items()}
