"""The numbers that a browser prints before the entries of a numbered list."""

from dataclasses import dataclass, field

from index.readers.markup import Element

ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(slots=True)
class Lists:
    """The lists that are open, innermost last: form and number of the next entry."""

    _open: list[tuple[str, int]] = field(default_factory=list)
    _marker: str = ""

    def enter(self, element: Element) -> None:
        if element.tag in ("ol", "ul"):
            numbered = element.tag == "ol" and "none" not in (element.get("style") or "")
            form = element.get("type") or "1"
            self._open.append((form if numbered else "", _number(element.get("start"), 1)))
        elif element.tag == "li" and self._open:
            form, number = self._open[-1]
            number = _number(element.get("value"), number)
            self._open[-1] = (form, number + 1)
            self._marker = f"{printed(form, number)}. " if form else ""

    def leave(self, element: Element) -> None:
        if element.tag in ("ol", "ul") and self._open:
            self._open.pop()
        elif element.tag == "li":
            self._marker = ""

    def marker(self) -> str:
        """What stands before the text that is printed now: once for each entry."""
        marker, self._marker = self._marker, ""
        return marker


def _number(printed: str | None, otherwise: int) -> int:
    text = (printed or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def printed(form: str, number: int) -> str:
    """1, a, A, i or I, as the list's type asks."""
    if form in ("a", "A") and 0 < number <= 26:
        return chr(ord(form) + number - 1)
    if form in ("i", "I") and 0 < number < 40:
        roman = "".join(_romans(number))
        return roman if form == "i" else roman.upper()
    return str(number)


def _romans(number: int) -> list[str]:
    found = []
    for value, sign in ROMAN:
        while number >= value:
            found.append(sign)
            number -= value
    return found
