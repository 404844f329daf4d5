"""`python -m tests.page.screenshots`: draws docs/images/*.png anew from the sample budget."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from assistant.chain import Assistant
from assistant.page import build, launch
from tests.page.conftest import CHROMIUM, QUIET, SECONDS, indexed, served
from tests.page.visit import Visit

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDE, PHONE = (1440, 900), (390, 844)
HOTLINE = "四川省12345政务服务热线及网络理政平台项目支出是多少？"


def main() -> None:
    assistant = Assistant(indexed(Path(tempfile.mkdtemp())))
    page = build(lambda: assistant)
    launch(page, server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    expect.set_options(timeout=SECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        address = served(page)
        draw(browser, address, "page", WIDE, HOTLINE)
        draw(browser, address, "page-dark", WIDE, HOTLINE, scheme="dark")
        draw(browser, f"{address}/?lang=en", "page-english", WIDE, "How much for training?")
        draw(browser, address, "page-phone", PHONE, HOTLINE, source=0)
        draw(browser, address, "page-prose", WIDE, "公务接待费安排了多少？", source=-1)
        draw(browser, address, "page-start", WIDE, "")
        browser.close()
    page.close()


def draw(
    browser: Browser,
    address: str,
    name: str,
    size: tuple[int, int],
    question: str,
    *,
    scheme: str = "light",
    source: int | None = None,
) -> None:
    """One state of the page as docs/images/`name`.png; `source` is the link clicked, if any."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    visit = Visit(context.new_page())
    visit.open(address)
    if question:
        visit.ask(question)
        expect(visit.cell.first).to_be_visible()
    if source is not None:
        visit.tab.locator('#chat a[href^="#cite-"]').nth(source).click()
    visit.tab.wait_for_timeout(800)
    visit.tab.screenshot(path=IMAGES / f"{name}.png")
    context.close()


if __name__ == "__main__":
    main()
