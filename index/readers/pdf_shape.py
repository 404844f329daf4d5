"""Places on a PDF page: boxes in points from the top left corner, and which way text runs."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def holds(self, point: tuple[float, float]) -> bool:
        return self.x0 <= point[0] <= self.x1 and self.top <= point[1] <= self.bottom

    def across(self, other: "Box") -> float:
        """How many points both share from left to right; negative: the gap between them."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)

    def down(self, other: "Box") -> float:
        """How many points both share from top to bottom; negative: the gap between them."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)

    def __str__(self) -> str:
        return ",".join(f"{edge:.1f}" for edge in (self.x0, self.top, self.x1, self.bottom))


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them.

    Raises ValueError for none.
    """
    found = list(boxes)
    return Box(
        x0=min(box.x0 for box in found),
        top=min(box.top for box in found),
        x1=max(box.x1 for box in found),
        bottom=max(box.bottom for box in found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A page as its text is read: a table drawn sideways is turned until its text runs right."""

    turn: int
    """Degrees by which the text is turned against the clock: 0, 90 (it runs up), 180, 270."""
    width: float
    height: float
    """Of the page as it is shown, not as it is read."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as read."""
        sideways = self.turn in (90, 270)
        return (self.height, self.width) if sideways else (self.width, self.height)

    def read(self, box: Box) -> Box:
        """A box of the page as shown → as read."""
        if self.turn == 90:
            return Box(
                x0=self.height - box.bottom, top=box.x0, x1=self.height - box.top, bottom=box.x1
            )
        if self.turn == 270:
            return Box(
                x0=box.top, top=self.width - box.x1, x1=box.bottom, bottom=self.width - box.x0
            )
        return self._over(box) if self.turn == 180 else box

    def shown(self, box: Box) -> Box:
        """A box of the page as read → as shown."""
        if self.turn == 90:
            return Box(
                x0=box.top, top=self.height - box.x1, x1=box.bottom, bottom=self.height - box.x0
            )
        if self.turn == 270:
            return Box(
                x0=self.width - box.bottom, top=box.x0, x1=self.width - box.top, bottom=box.x1
            )
        return self._over(box) if self.turn == 180 else box

    def _over(self, box: Box) -> Box:
        return Box(
            x0=self.width - box.x1,
            top=self.height - box.bottom,
            x1=self.width - box.x0,
            bottom=self.height - box.top,
        )
