"""Pictures from outside, made safe: type by content, re-encoded, without metadata, at most 1,600 px."""

import warnings
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from data.errors import InvalidValue

LONGEST_SIDE = 1600
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
_READABLE = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


class SafePicture(NamedTuple):
    """A picture as it is kept: its new bytes and their media type."""

    content: bytes
    media_type: str


def safe_picture(content: bytes, kind: str) -> SafePicture:
    """A picture as it is kept: turned upright, shrunk, encoded anew (EXIF, GPS and anything hidden are gone).

    Args:
        content: The bytes as they came.
        kind: `photo` becomes JPEG; `signature` becomes PNG, because ink on nothing must stay sharp.

    Returns:
        The new bytes and their media type.

    Raises:
        InvalidValue: too large, or no picture that can be read.
    """
    if not content or len(content) > MOST_BYTES:
        raise InvalidValue("picture", f"{len(content)} bytes", "a picture of at most 10 MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=_READABLE) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise InvalidValue("picture", f"{picture.width} × {picture.height}", "fewer pixels")
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                return _encoded(upright, kind)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        if isinstance(error, InvalidValue):
            raise
        raise InvalidValue("picture", f"{len(content)} bytes", "a JPEG, PNG or WebP picture") from error


def _encoded(picture: Image.Image, kind: str) -> SafePicture:
    out = BytesIO()
    if kind == "signature":
        picture.convert("RGBA").save(out, "PNG", optimize=True)
        return SafePicture(out.getvalue(), "image/png")
    picture.convert("RGB").save(out, "JPEG", quality=82)
    return SafePicture(out.getvalue(), "image/jpeg")
