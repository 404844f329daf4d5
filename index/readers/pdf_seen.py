"""Writing that the page does not show (clipped away, or in the paper's colour) is not read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.readers.pdf_ink import Ink
from index.readers.pdf_shape import Box
from index.readers.pdf_text import Run

SCALE = 1.5
"""Pixels a point: the stroke of small type is still seen."""
FAINTEST = 10
"""Of 255 shades of grey, by which ink differs from what is around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as it is drawn, in shades of grey."""

    pixels: Any

    def hidden(self, ink: Ink, runs: Sequence[Run]) -> frozenset[Run]:
        """The runs that leave no mark."""
        return frozenset(run for run in runs if not self._shows(ink, run))

    def _shows(self, ink: Ink, run: Run) -> bool:
        top, bottom = run.base - 0.8 * run.size, run.base + 0.1 * run.size
        core = Box(x0=run.box.x0, top=top, x1=run.box.x1, bottom=bottom)
        box = ink.frame.shown(run.box if run.turned else core)
        rows = slice(max(0, int(box.top * SCALE)), max(0, int(box.bottom * SCALE) + 1))
        columns = slice(max(0, int(box.x0 * SCALE)), max(0, int(box.x1 * SCALE) + 1))
        part = self.pixels[rows, columns]
        return bool(part.size) and int(part.max()) - int(part.min()) > FAINTEST


def picture_of(page: Any) -> Picture:
    """A pypdfium2 page drawn; the page is closed."""
    bitmap = page.render(scale=SCALE, grayscale=True)
    pixels = bitmap.to_numpy().copy()
    bitmap.close()
    page.close()
    return Picture(pixels=pixels)


def without_hidden(
    pages: Sequence[tuple[Ink, Sequence[Run], frozenset[Run]]],
) -> Iterator[tuple[Ink, tuple[Run, ...]]]:
    """Each page without its hidden runs.

    A font of which nothing is ever seen may be missing on this machine: its writing stays.
    """
    shown = {_face(run) for _, runs, hidden in pages for run in runs if run not in hidden}
    for ink, runs, hidden in pages:
        yield ink, tuple(run for run in runs if run not in hidden or _face(run) not in shown)


def _face(run: Run) -> tuple[str, bool]:
    return run.font, run.text.isascii()
