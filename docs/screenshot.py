"""Take the picture of the live page anew: python docs/screenshot.py; it needs Chromium."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).with_name("figures") / "explore.png"
LAST = 2012
CLICKED = "PHL"


def main() -> None:
    """Serve the Global Forum, live some years of it, look at one state, and keep what is seen."""
    command = [sys.executable, "-m", "migsim", "explore", "gfmd-2007-2015", "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        take(server.stdout.readline().split()[1])
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def take(address: str) -> None:
    """Visit the page and write its picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 1120})
        page.goto(address)
        page.wait_for_selector(".ms-tile")
        for year in range(2006, LAST + 1):
            page.get_by_role("button", name="Step", exact=True).click()
            page.get_by_text(f"End of {year}", exact=True).wait_for()
        box = page.locator(f".ms-map [data-state={CLICKED}]").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_selector("text=South-eastern Asia")
        page.wait_for_selector(".ms-picture[aria-busy=false] img")
        page.wait_for_timeout(1500)
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main()
