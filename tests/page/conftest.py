"""The page over the real assistant and the sample budget, in one Chromium for the whole session."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.offline import stay_offline

stay_offline()

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright  # noqa: E402

from assistant.chain import Assistant  # noqa: E402
from assistant.page import build, launch  # noqa: E402
from index.read import read_budget  # noqa: E402
from index.store import Store  # noqa: E402
from tests.page.visit import Visit  # noqa: E402

SAMPLE = Path(__file__).parents[2] / "eval" / "budgets" / "sichuan-bigdata-2023.txt"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS = 20_000
"""Milliseconds to wait for what the page must show; the first question reads the index."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=found, args=QUIET)
        except Error as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no Chromium to drive the page with: {str(error).splitlines()[0]}")
        expect.set_options(timeout=SECONDS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant(indexed(tmp_path_factory.mktemp("index")))


def indexed(folder: Path) -> Path:
    """The sample budget, by words alone: vectors would take minutes and the page shows none."""
    content = SAMPLE.read_bytes()
    Store(folder).add(read_budget(SAMPLE.name, content), content)
    return folder


def served(page: object) -> str:
    return f"http://127.0.0.1:{page.server_port}"  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def address(assistant: Assistant) -> Iterator[str]:
    page = build(lambda: assistant)
    launch(page, server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
    yield served(page)
    page.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(SECONDS)
    yield page
    context.close()


@pytest.fixture
def visit(tab: Page, address: str) -> Iterator[Visit]:
    """A fresh visit; whatever the test did, nothing ran and no other host was asked."""
    visit = Visit(tab)
    visit.open(address)
    yield visit
    assert visit.dialogs == [] and visit.errors == []
    assert visit.other_hosts() == set()
