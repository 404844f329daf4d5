"""Writing that the page does not show (clipped away, or in the paper's colour) is not read."""

from collections.abc import Iterable, Sequence
from typing import Any

from index.readers.pdf_ink import Ink
from index.readers.pdf_shape import Box
from index.readers.pdf_text import Run

SCALE = 1.5
"""Pixels a point: the stroke of small type is still seen."""
FAINTEST = 10
"""Of 255 shades of grey, by which ink differs from what is around it."""

Written = tuple[Ink, tuple[Run, ...]]


def without_hidden(content: bytes, pages: Sequence[Written]) -> tuple[Written, ...]:
    """Each page without the runs that leave no mark when it is drawn.

    A font of which nothing is ever seen may be missing on this machine: its writing stays.
    """
    pictures = _drawn(content, [ink.page for ink, _ in pages])
    hidden = [_hidden(picture, *page) for picture, page in zip(pictures, pages, strict=True)]
    shown = {
        _face(run)
        for (_, runs), unseen in zip(pages, hidden, strict=True)
        for run in runs
        if run not in unseen
    }
    return tuple(
        (ink, tuple(run for run in runs if run not in unseen or _face(run) not in shown))
        for (ink, runs), unseen in zip(pages, hidden, strict=True)
    )


def _face(run: Run) -> tuple[str, bool]:
    return run.font, run.text.isascii()


def _drawn(content: bytes, pages: Iterable[int]) -> Iterable[Any]:
    """Each page in shades of grey, as rows of pixels."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        for number in pages:
            page = document[number - 1]
            bitmap = page.render(scale=SCALE, grayscale=True)
            yield bitmap.to_numpy()
            bitmap.close()
            page.close()
    finally:
        document.close()


def _hidden(picture: Any, ink: Ink, runs: Sequence[Run]) -> frozenset[Run]:
    return frozenset(run for run in runs if not _is_seen(picture, ink, run))


def _is_seen(picture: Any, ink: Ink, run: Run) -> bool:
    core = Box(
        x0=run.box.x0,
        top=run.base - 0.8 * run.size,
        x1=run.box.x1,
        bottom=run.base + 0.1 * run.size,
    )
    box = ink.frame.shown(core)
    rows = slice(max(0, int(box.top * SCALE)), max(0, int(box.bottom * SCALE) + 1))
    columns = slice(max(0, int(box.x0 * SCALE)), max(0, int(box.x1 * SCALE) + 1))
    part = picture[rows, columns]
    return bool(part.size) and int(part.max()) - int(part.min()) > FAINTEST
