"""A browser without a window, and the talk page of a stack of its own in it."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.e2e.playing import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="no Chromium with its chromedriver here: `apt-get install chromium chromium-driver`",
)


@contextmanager
def talk_page(file: Path, *arguments: str) -> Iterator[str]:
    """`make talk`, without opening a browser; its stack is up when the block begins."""
    environ = {name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"}
    running = subprocess.Popen(
        [sys.executable, "-m", "services.simulator", "talk", "--no-open", *arguments],
        cwd=ROOT, env={**environ, "LOCAL_STACK_FILE": str(file)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    address = ""
    try:
        for line in running.stdout:
            if "talk to it" in line:
                address = line.split()[-1]
            if "make analytics" in line:
                break
        yield address
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=30)
        running.stdout.close()


class Visitor:
    """Somebody at the page, who sees and presses what a person would."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def until(
        self,
        sees: Callable[[], bool],
        what: str,
        timeout_s: float = 30,
        shown: Callable[[], str] | None = None,
    ) -> None:
        """Wait until the page shows it; `shown` tells what it shows instead."""
        # Chromium answers with an error of its own while the next page is on its way.
        moving = (WebDriverException,)
        try:
            WebDriverWait(self.driver, timeout_s, 0.1, moving).until(lambda _: sees())
        except Exception as exc:
            raise AssertionError(
                f"never seen: {what}\n{shown() if shown else self.text('transcript')}"
            ) from exc

    def text(self, element: str) -> str:
        return str(self.driver.find_element(By.ID, element).text)

    def press(self, element: str) -> None:
        button = self.driver.find_element(By.ID, element)
        self.until(button.is_enabled, f"{element} can be pressed")
        button.click()

    def says(self, words: str) -> None:
        field = self.driver.find_element(By.ID, "words")
        field.clear()
        field.send_keys(words)
        self.press("say")

    def asks_for_business(self, file: Path) -> None:
        field = self.driver.find_element(By.ID, "business")
        field.clear()
        field.send_keys(str(file), "\n")

    def hears(self, words: str, timeout_s: float = 30) -> None:
        self.until(lambda: words in self.text("transcript"), words, timeout_s)

    def pictured(self, folder: Path, name: str = "talk") -> None:
        """Keep how the page looks, wide and as on a phone, light and dark, in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for scheme in ("light", "dark"):
            self._look(scheme)
            for width, height in ((1280, 900), (390, 844)):
                size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
                self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
                self.driver.save_screenshot(str(folder / f"{name}-{scheme}-{width}.png"))
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def judged(self, axe: Path) -> list[str]:
        """What axe-core finds on the page, light and dark, that is serious or critical."""
        self.driver.execute_script(axe.read_text("utf-8"))
        found = []
        for scheme in ("dark", "light"):
            self._look(scheme)
            found += self.driver.execute_async_script(
                "const done = arguments[0]; axe.run().then(found => done(found.violations))"
            )
        return [
            f"{each['id']}: {each['help']}: {each['nodes'][0]['html']}"
            for each in found
            if each["impact"] in ("serious", "critical")
        ]

    def _look(self, scheme: str) -> None:
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


@contextmanager
def visitor(*arguments: str) -> Iterator[Visitor]:
    """A Chromium of its own at 1280 by 900."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    ours = ["--headless=new", "--disable-gpu", "--window-size=1280,900", "--mute-audio"]
    if os.geteuid() == 0:
        ours.append("--no-sandbox")  # as root Chromium has no other way
    for each in (*ours, *arguments):
        options.add_argument(each)
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    try:
        yield Visitor(driver)
    finally:
        driver.quit()
