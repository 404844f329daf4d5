"""PDF reader: files that are locked, scanned, broken, hostile or in fonts that say nothing."""

import io
import random
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
import reportlab
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from index.errors import BudgetError
from index.readers import pdf as reader
from index.readers.pdf_box import letters_on, read_box
from index.readers.pdf_ink import Ink, ink_of
from index.readers.pdf_lost import with_lost
from tests.pdf_pages import (
    FONT,
    budget_table,
    canvas_pdf,
    cells,
    grids,
    put,
    read,
    simple_table,
    texts,
    turned,
)

VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
pdfmetrics.registerFont(TTFont("Vera", str(VERA), asciiReadable=False))
SCAN = ImageReader(Image.new("RGB", (60, 85), "lightyellow"))


def table_page(canvas: Canvas) -> None:
    put(canvas, budget_table(), 30, 80)


def scanned_page(canvas: Canvas) -> None:
    canvas.drawImage(SCAN, 0, 0, *A4)


def english_page(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 700, "Total expenditure 1,234.00")


def vera_page(canvas: Canvas) -> None:
    canvas.setFont("Vera", 10)
    canvas.drawString(60, 700, "Total expenditure 1,234.00 of the department")


def without_meaning(content: bytes) -> bytes:
    """The file's fonts no longer say which character each glyph is."""
    return content.replace(b"/ToUnicode", b"/ToUnicodX")


@pytest.mark.parametrize("strength", [40, 128])
def test_a_file_locked_against_changes_only_is_read(strength: int) -> None:
    lock = StandardEncryption("", ownerPassword="geheim", strength=strength)
    content = canvas_pdf(english_page, encrypt=lock)
    assert texts(read(content)) == ["Total expenditure 1,234.00"]
    assert read_box(content, 1, "50,130,300,150") == "Totalexpenditure1,234.00"


@pytest.mark.parametrize("strength", [40, 128])
def test_a_file_with_a_password_to_open_it_is_refused_with_the_mend(strength: int) -> None:
    lock = StandardEncryption("auf", ownerPassword="geheim", strength=strength)
    with pytest.raises(BudgetError, match="密码") as caught:
        read(canvas_pdf(english_page, encrypt=lock))
    assert caught.value.place == "青禾.pdf" and "密码" in caught.value.mend


def test_scanned_pages_are_counted_and_the_others_read() -> None:
    def stamped(canvas: Canvas) -> None:
        scanned_page(canvas)
        canvas.drawString(500, 20, "- 3 -")

    source = read(canvas_pdf(table_page, scanned_page, stamped, table_page))
    assert source.unread_pages == (2, 3) and source.warnings == ()
    assert [grid.rows[0][0].place.page for grid in grids(source)] == [1, 4]


def test_text_over_a_scan_is_read_with_a_warning() -> None:
    def recognized(canvas: Canvas) -> None:
        scanned_page(canvas)
        table_page(canvas)

    source = read(canvas_pdf(recognized))
    assert source.unread_pages == () and len(grids(source)) == 1
    assert any("第1页" in warning and "扫描" in warning for warning in source.warnings)


def test_a_blank_page_is_no_unread_page() -> None:
    assert read(canvas_pdf(table_page, lambda canvas: None)).unread_pages == ()


def test_a_file_of_scans_alone_is_refused_with_the_mend() -> None:
    with pytest.raises(BudgetError, match="2 页都是扫描图片") as caught:
        read(canvas_pdf(scanned_page, scanned_page))
    assert "Word" in caught.value.mend


def test_a_page_whose_font_says_nothing_is_unread_and_no_figure_made_up() -> None:
    content = without_meaning(canvas_pdf(table_page, vera_page, pageCompression=0))
    source = read(content)
    assert source.unread_pages == (2,)
    assert any("第2页" in warning and "字体" in warning for warning in source.warnings)
    assert texts(source) == [] and len(grids(source)) == 1


def test_a_figure_with_one_unreadable_digit_is_no_figure() -> None:
    def draw(canvas: Canvas) -> None:
        put(
            canvas,
            simple_table([["项目", "预算数", "决算数"], ["培训费", "", "3.00"]] * 9, (99, 99, 99)),
            50,
            90,
        )
        canvas.setFont(FONT, 9)
        canvas.drawString(160, 723, "1,2")
        canvas.setFont("Vera", 9)
        canvas.drawString(174, 723, "9")
        canvas.setFont(FONT, 9)
        canvas.drawString(179.5, 723, "4.50")

    (grid,) = grids(source := read(without_meaning(canvas_pdf(draw, pageCompression=0))))
    assert cells(grid)[1][1] == "1,2\ufffd4.50"
    assert source.unread_pages == () and any("字体" in warning for warning in source.warnings)


def test_a_sign_whose_code_the_fonts_table_lacks_keeps_its_place_and_figure() -> None:
    """The minus sign is not in the table of the font's encoding (UniGB-UCS2-H)."""
    rows = [
        ["项目", "增减额", "增减%"],
        ["培训费", "−3.89", "−29.67%"],
        ["差旅费", "1.20", "4.00%"],
    ]

    def draw(canvas: Canvas) -> None:
        put(canvas, simple_table(rows, (99, 99, 99)), 50, 90)
        canvas.drawString(60, 600, "绿地面积300㎡、同比−2.50万元")

    for degrees in (0, 90):
        content = turned(canvas_pdf(draw), degrees)
        (grid,) = grids(source := read(content))
        assert cells(grid) == rows and source.warnings == ()
        assert texts(source) == ["绿地面积300㎡、同比−2.50万元"]
        for cell in grid.rows[1]:
            assert read_box(content, 1, cell.place.box or "") == cell.text


def test_a_minus_that_only_the_second_library_reads_is_put_before_its_figure() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "比上年增减 -3.89 万元，-1.00")
        canvas.drawString(60, 680, "2024-12 与 5.00")

    content = canvas_pdf(draw)
    with pdfplumber.open(io.BytesIO(content)) as plumber:
        whole = ink_of(plumber.pages[0])
    letters = letters_on(pypdfium2.PdfDocument(content)[0])
    lacking = replace(whole, glyphs=tuple(g for g in whole.glyphs if g.text != "-"))
    assert len(_signs(whole)) == 3 and not _signs(lacking)
    assert _signs(with_lost(lacking, letters)) == _signs(whole)
    assert with_lost(whole, letters) == whole


def _signs(ink: Ink) -> set[tuple[int, float]]:
    return {(round(glyph.box.x0), glyph.base) for glyph in ink.glyphs if glyph.text == "-"}


def test_a_font_with_an_unknown_table_of_codes_is_said_and_not_passed_over() -> None:
    content = canvas_pdf(table_page, english_page)
    source = read(content.replace(b"/UniGB-UCS2-H", b"/UniGB-UCSX-H"))
    assert source.unread_pages == (1,) and any("字体" in warning for warning in source.warnings)


BAD: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("empty", lambda content: b"", "空的"),
    ("no PDF", lambda content: "某某局预算".encode(), "不是 PDF"),
    ("first bytes", lambda content: content[:60], "不完整"),
    ("half", lambda content: content[: len(content) // 2], "不完整"),
    ("without its end", lambda content: content[:-30], "不完整"),
    ("noise", lambda content: b"%PDF-1.7\n" + bytes(range(256)) * 30 + b"\n%%EOF\n", "损坏"),
    ("no page", lambda content: content.replace(b"/Kids [ ", b"/Kidz [ "), ""),
]


@pytest.mark.parametrize(("spoil", "words"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_broken_file_is_refused_with_its_name_and_the_mend(
    spoil: Callable[[bytes], bytes], words: str
) -> None:
    with pytest.raises(BudgetError) as caught:
        read(spoil(canvas_pdf(table_page)))
    assert words in caught.value.what and caught.value.place == "青禾.pdf" and caught.value.mend


@pytest.mark.parametrize("seed", range(40))
def test_whatever_bytes_are_spoilt_the_error_is_ours(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(canvas_pdf(table_page, english_page))
    for _ in range(chance.choice((1, 6, 60))):
        content[chance.randrange(9, len(content) - 10)] = chance.randrange(256)
    try:
        read(bytes(content))
    except BudgetError as error:
        assert error.place == "青禾.pdf" and error.mend


def bomb(ascii85: bool = False, twice: bool = False) -> bytes:
    """A page whose content unpacks to 400 million bytes."""
    pack = zlib.compressobj(9)
    packed = b"".join(pack.compress(b" " * (1 << 20)) for _ in range(400)) + pack.flush()
    filters = b"/FlateDecode"
    if twice:
        packed, filters = zlib.compress(packed, 9), b"[/FlateDecode /FlateDecode]"
    if ascii85:
        import base64

        packed, filters = base64.a85encode(packed) + b"~>", b"[/ASCII85Decode /FlateDecode]"
    stream = b"<</Length %d/Filter %s>>stream\n%s\nendstream" % (len(packed), filters, packed)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        stream,
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (n, part) for n, part in enumerate(parts, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


@pytest.mark.parametrize("form", [{}, {"ascii85": True}, {"twice": True}], ids=str)
def test_a_file_that_unpacks_without_measure_is_refused_at_once(form: dict[str, bool]) -> None:
    content = bomb(**form)
    start = time.process_time()
    with pytest.raises(BudgetError, match="解压后过大"):
        read(content)
    assert time.process_time() - start < 10


def test_too_many_pages_or_characters_are_refused_or_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = canvas_pdf(table_page, english_page)
    monkeypatch.setattr(reader, "MOST_GLYPHS", 60)
    source = read(content)
    assert source.unread_pages == (1,) and "上限 60" in source.warnings[0]
    monkeypatch.setattr(reader, "MOST_PAGES", 1)
    with pytest.raises(BudgetError, match="超过上限 1 页"):
        read(content)


def test_a_drawing_of_many_strokes_does_not_hold_up_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        chance = random.Random(1)
        for _ in range(8000):
            x, y = chance.randrange(590), chance.randrange(840)
            canvas.line(x, y, x + chance.choice((0, 20)), y + chance.choice((0, 20)))
        put(canvas, budget_table(), 30, 80)

    start = time.process_time()
    assert read(canvas_pdf(draw, table_page)).blocks
    assert time.process_time() - start < 20


def test_the_second_library_names_what_it_cannot_open() -> None:
    with pytest.raises(BudgetError):
        read_box(b"%PDF-1.4 no more", 1, "0,0,10,10")
    with pytest.raises(BudgetError, match="没有第 7 页"):
        read_box(canvas_pdf(table_page), 7, "0,0,10,10")
