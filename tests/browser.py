"""A person before the landmark page: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path(os.environ.get("CALLOTASIS_CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK: dict[str, Any] = {"viewport": {"width": 1400, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "device_scale_factor": 2,
}
PATIENCE_MS = 40_000  # both cores may be busy with other tests


@dataclass(eq=False)
class Reader:
    """Somebody who looks at the page and points at things."""

    page: Any
    complaints: list[str]

    def text(self, selector: str) -> str:
        return str(self.page.text_content(selector) or "")

    def on_screen(self, point: tuple[float, float]) -> tuple[float, float]:
        """Where a pixel of the film is on the screen."""
        box = self.page.locator("#film").bounding_box()
        view = self.page.get_attribute("#film", "data-view").split()
        scale, x, y = map(float, view)
        return box["x"] + x + scale * point[0], box["y"] + y + scale * point[1]

    def choose(self, side: str, title: str) -> None:
        """Choose a landmark in the list of all."""
        self.page.evaluate("document.getElementById('all').open = true")
        column = self.page.locator("#list > div").nth(0 if side == "R" else 1)
        column.get_by_role("button", name=re.compile(f"^{title}(,|$)")).click()
        self.settle()

    def settle(self) -> None:
        """Wait until the film was drawn anew."""
        self.page.evaluate(
            "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
        )

    def click(self, point: tuple[float, float]) -> None:
        self.page.mouse.click(*self.on_screen(point))

    def wait_for(self, script: str) -> None:
        """Wait until a condition holds; the page itself may evaluate nothing."""
        end = time.monotonic() + PATIENCE_MS / 1000
        while not self.page.evaluate(script):
            assert time.monotonic() < end, f"never: {script}; {self.complaints}"
            self.page.wait_for_timeout(30)


@contextmanager
def reader_at(url: str, device: dict[str, Any]) -> Iterator[Reader]:
    """Open the page on a desk or a phone; anything it complains about is kept."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_context(**device).new_page()
        page.set_default_timeout(PATIENCE_MS)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        page.goto(url)
        page.wait_for_selector("#loading", state="hidden")
        yield Reader(page, complaints)
        browser.close()
