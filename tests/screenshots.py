"""Pictures of every kind of page for `docs/img/pages/`: `python -m tests.screenshots` (or `make screenshots`).

Each page is taken wide and narrow, light and dark, in English and in Arabic. A site with the fixtures is started on a
free port of this machine and stopped at the end; no picture is taken of a page that answers with an error.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "img" / "pages"
PAGES = {
    "home": "/",
    "levels": "/levels/",
    "level": "/levels/regional/",
    "instruments": "/instruments/?level=regional",
    "instrument": "/instruments/refugee-convention-1951/",
    "provision": "/instruments/refugee-convention-1951/article-33/",
    "actor": "/actors/abu-dhabi-dialogue/",
    "principle": "/principles/non-refoulement/",
    "country": "/countries/MA/",
    "source": "/sources/S4/",
    "events": "/events/",
    "search": "/search/?q=non-refoulement",
    "nothing-found": "/search/?q=xyzzy",
    "compare": "/compare/?a=instrument/refugee-convention-1951&b=instrument/oau-refugee-convention",
    "participation": "/participation/",
    "timeline": "/pictures/timeline/",
    "map": "/pictures/map/",
    "disputed": "/disputed/",
    "not-found": "/nothing-here/",
}
VIEWS = {
    "wide": (1280, 1000, "light", ""),
    "narrow-dark": (360, 760, "dark", ""),
    "wide-arabic-dark": (1280, 1000, "dark", "/ar"),
    "narrow-arabic": (360, 760, "light", "/ar"),
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def main() -> None:
    """Start a site, take all pictures, stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="screenshots-")
    environment = os.environ | {"PORT": str(port), "DATA_DIR": folder, "ALLOWED_HOSTS": "127.0.0.1", "PAGE_RATE": "off"}
    site = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for view in VIEWS:
                take(browser, f"http://127.0.0.1:{port}", view)
            browser.close()
    finally:
        site.terminate()
        site.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(address: str, seconds: int = 300) -> None:
    """Wait until an address answers; raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=30)
            return
        except OSError:
            time.sleep(1)
    raise TimeoutError(address)


def take(browser: Browser, site: str, view: str) -> None:
    """Take every page in one view."""
    width, height, scheme, prefix = VIEWS[view]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, address in PAGES.items():
        answer = page.goto(site + prefix + address)
        if answer.status >= 500:
            raise RuntimeError(f"{address} answered {answer.status}")
        page.screenshot(path=FOLDER / f"{name}-{view}.jpg", type="jpeg", quality=62)
    context.close()


if __name__ == "__main__":
    main()
