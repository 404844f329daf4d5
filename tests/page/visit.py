"""What a person does on the page, and what she sees."""

from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

CELL = "#evidence .cell-mark"

OPEN = "rgb(29, 78, 216)"
"""The accent, which the link of the open source is drawn in."""


class Visit:
    """A tab at the page, with all that it asked for, said or complained of."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        tab.on("request", lambda request: self.requests.append(request.url))
        tab.on("pageerror", lambda error: self.errors.append(str(error)))
        tab.on("dialog", self._dismiss)

    def _dismiss(self, dialog: object) -> None:
        self.dialogs.append(dialog.message)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    def open(self, address: str) -> None:
        self.tab.goto(address)
        expect(self.tab.locator("#head .documents")).not_to_be_empty()

    def ask(self, question: str) -> Locator:
        """Types, sends with Enter, and waits for the answer (the last message)."""
        count = self.answers.count()
        box = self.tab.locator("#question textarea")
        box.fill(question)
        box.press("Enter")
        return self.answered(count)

    def answered(self, before: int) -> Locator:
        expect(self.answers).to_have_count(before + 1)
        expect(self.tab.locator("#send")).to_be_visible()
        return self.answers.nth(before)

    @property
    def answers(self) -> Locator:
        return self.tab.locator("#chat [data-testid=bot]")

    @property
    def questions(self) -> Locator:
        return self.tab.locator("#chat [data-testid=user]")

    @property
    def cell(self) -> Locator:
        return self.tab.locator(CELL)

    def open_source(self, turn: int, number: int) -> None:
        link = self.tab.locator(f'a[href="#cite-{turn}-{number}"]')
        link.click()
        expect(self.tab.locator(f'#evidence [data-cite="{turn}-{number}"]')).to_be_visible()
        expect(link).to_have_css("background-color", OPEN)

    def cell_is_in_its_box(self) -> bool:
        """Wholly between the table's header and the box's lower edge."""
        return bool(
            self.tab.evaluate(
                """() => {
                  const box = document.querySelector('#evidence .ev-box');
                  const head = box.querySelector('thead');
                  const [outer, inner] = [box, box.querySelector('.cell-mark')]
                    .map((element) => element.getBoundingClientRect());
                  const top = head ? head.getBoundingClientRect().bottom : outer.top;
                  return inner.top >= top - 1 && inner.bottom <= outer.bottom + 1
                    && inner.left >= outer.left - 1 && inner.right <= outer.right + 1;
                }"""
            )
        )

    def overflow(self) -> float:
        """Pixels by which anything outside the table's own box sticks out to the right."""
        return float(
            self.tab.evaluate(
                """() => Math.max(...[...document.querySelectorAll('body *')]
                  .filter((element) => !element.closest('.ev-box') && element.offsetParent)
                  .map((element) => element.getBoundingClientRect().right)) - innerWidth"""
            )
        )

    def other_hosts(self) -> set[str]:
        hosts = {urlsplit(url).hostname for url in self.requests if not url.startswith("data:")}
        return {str(host) for host in hosts} - {"127.0.0.1"}
