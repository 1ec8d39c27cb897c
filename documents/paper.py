"""Paper that every document is printed on: an A4 page, its text, its tables, its places to sign.

A document is a list of blocks handed to `pdf()`. Same input, same bytes: no clock, no random id.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, Image, KeepTogether, Paragraph, Spacer, Table
from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
from reportlab.platypus.frames import Frame

from documents.typeface import BOLD, REGULAR, characters, is_asian, markup, printable
from language import _, current

INK = HexColor("#10202F")
GREY = HexColor("#52606D")
LINE = HexColor("#C3CCD6")
GROUND = HexColor("#F2F5F8")

MARGIN = 16 * mm
WIDTH = A4[0] - 2 * MARGIN
FOOT = 18 * mm
SIGNATURE_HEIGHT = 16 * mm

PDF_LANGUAGE = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Column:
    """A column of a printed table.

    Args:
        title: Its heading, in the language of the document.
        width: Its part of the width of the page; the parts of a table are set against their sum.
        right: Whether it is set to the right, as figures are.
    """

    title: str
    width: float
    right: bool = False


@dataclass(frozen=True)
class Signature:
    """A place to sign.

    Args:
        title: Who signs, in the language of the document.
        name: The name, when it is known.
        day: The day of signing, as it shall be read; empty to leave a line for it.
        image: The signature itself as a picture (PNG), when it was given on the tablet.
    """

    title: str
    name: str = ""
    day: str = ""
    image: bytes | None = None


def _paragraph(
    text: str, size: float, *, bold: bool = False, color: Color = INK, right: bool = False, after: float = 0
) -> Paragraph:
    """Text of one style; Chinese breaks between characters, English between words."""
    characters()
    style = ParagraphStyle(
        "text",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.45,
        textColor=color,
        alignment=TA_RIGHT if right else 0,
        spaceAfter=after,
        wordWrap="CJK" if is_asian(text) else None,
        splitLongWords=1,
    )
    return Paragraph(markup(text), style)


def title(text: str) -> Paragraph:
    """The name of what the document is about."""
    return _paragraph(text, 17, bold=True, after=2)


def heading(text: str) -> list[Flowable]:
    """The heading of a part; it moves to the next page when little room is left under it."""
    return [CondPageBreak(24 * mm), Spacer(1, 5 * mm), _paragraph(text, 12, bold=True, after=3)]


def body(text: str) -> Paragraph:
    """A paragraph."""
    return _paragraph(text, 10, after=3)


def note(text: str, *, with_next: bool = False) -> Paragraph:
    """A line of explanation, grey; never alone at the foot of a page when it belongs to what follows."""
    line = _paragraph(text, 9, color=GREY, after=3)
    line.keepWithNext = with_next
    return line


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Table:
    """A table that repeats its headings on each page.

    Args:
        columns: Headings, widths and sides, left to right.
        rows: The cells as they shall be read, one a column.

    Returns:
        The table, as wide as the page.
    """
    whole = sum(column.width for column in columns)
    head = [_paragraph(column.title, 9, color=GREY, right=column.right) for column in columns]
    lines = [
        [_paragraph(cell, 9.5, right=column.right) for column, cell in zip(columns, row, strict=True)]
        for row in rows
    ]
    return Table(
        [head, *lines],
        colWidths=[WIDTH * column.width / whole for column in columns],
        repeatRows=1,
        splitInRow=1,
        style=[
            ("BACKGROUND", (0, 0), (-1, 0), GROUND),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
            ("FONTNAME", (0, 0), (-1, -1), REGULAR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("LEFTPADDING", (0, 0), (-1, -1), 5),
            ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ],
    )


def _fitted(picture: bytes, width: float) -> Image:
    """A picture in the room there is, its sides in proportion."""
    wide, high = ImageReader(io.BytesIO(picture)).getSize()
    scale = min(width / wide, SIGNATURE_HEIGHT / high)
    return Image(io.BytesIO(picture), width=wide * scale, height=high * scale, hAlign="LEFT")


def signatures(places: Sequence[Signature]) -> KeepTogether:
    """Places to sign, side by side, never parted by a page.

    Args:
        places: One to three; each shows who, then the picture or room for a pen, then name and day.

    Returns:
        The block.
    """
    width = WIDTH / len(places)
    inner = width - 12
    who = [_paragraph(place.title, 9, color=GREY) for place in places]
    room = ["" if place.image is None else _fitted(place.image, inner) for place in places]
    date = _("Date")
    below = [_paragraph(f"{place.name}   {date} {place.day or '____________'}", 9) for place in places]
    style: list[tuple[object, ...]] = [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), 6),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ]
    style += [("BOX", (index, 0), (index, -1), 0.7, LINE) for index in range(len(places))]
    block = Table(
        [who, room, below],
        colWidths=[width] * len(places),
        rowHeights=[None, SIGNATURE_HEIGHT + 6, None],
        style=style,
    )
    return KeepTogether([Spacer(1, 6 * mm), block])


class _NumberedCanvas(Canvas):  # type: ignore[misc]
    """A canvas that knows, when it writes a page, how many there are."""

    def __init__(self, *args: object, foot: str, **options: object) -> None:
        super().__init__(*args, **options)
        self._foot = foot
        self._pages: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802 - the PDF writer's name
        """Keeps the page until all are known."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Writes each page with its foot, then the file."""
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self.setFont(REGULAR, 8)
            self.setFillColor(GREY)
            self.drawString(MARGIN, 10 * mm, self._foot)
            place = _("Page {number} of {pages}").format(number=number, pages=len(self._pages))
            self.drawRightString(A4[0] - MARGIN, 10 * mm, place)
            super().showPage()
        super().save()


def pdf(blocks: Sequence[Flowable], *, name: str, author: str, foot: str) -> bytes:
    """Prints blocks on A4 pages, in the language spoken now.

    Args:
        blocks: What stands on the paper, top to bottom.
        name: The title in the file's properties.
        author: Who it is from, in the file's properties.
        foot: What stands at the left of each page's foot, beside the page number.

    Returns:
        The PDF file.
    """
    characters()
    file = io.BytesIO()
    paper = BaseDocTemplate(
        file,
        pagesize=A4,
        title=printable(name),
        author=printable(author),
        lang=PDF_LANGUAGE[current()],
        invariant=1,
    )
    frame = Frame(
        MARGIN,
        FOOT,
        WIDTH,
        A4[1] - FOOT - 14 * mm,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    paper.addPageTemplates(PageTemplate(frames=[frame]))
    line = printable(foot).replace("\n", " ")

    def canvas(*args: object, **options: object) -> Canvas:
        return _NumberedCanvas(*args, foot=line, **{**options, "initialFontName": REGULAR})

    paper.build(list(blocks), canvasmaker=canvas)
    return file.getvalue()
