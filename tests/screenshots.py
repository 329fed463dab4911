"""Pictures of every kind of page in `docs/img/pages/`, and `docs/pages.md` that shows them: `make screenshots`.

Each page is taken wide and narrow, light and dark, in English and in Arabic. A site with the fixtures is started on a
free port of this machine and stopped at the end, unless one that runs is named: `python -m tests.screenshots
http://127.0.0.1:8000`. No picture is taken of a page that answers with an error it should not.
"""

import base64
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "img" / "pages"
SHOWN = ROOT / "docs" / "pages.md"
# What each picture shows: the name of its file, the address, and what there is to see.
PAGES = {
    "home": ("/", "The start page: search, the levels with what stands on them, what is new, what is in dispute"),
    "levels": ("/levels/", "The levels of cooperation"),
    "level": ("/levels/regional/", "One level: what it is and what stands on it"),
    "instruments": ("/instruments/?level=regional", "A list, narrowed: facets with counts, what is applied, sorting"),
    "second-page": ("/instruments/?page=2&ordering=-date", "The second page of a list"),
    "list-empty": ("/instruments/?q=xyzzy", "A list in which nothing is found"),
    "list-faults": ("/instruments/?colour=red&level=nowhere", "An address that cannot be used in full"),
    "instrument": ("/instruments/refugee-convention-1951/", "An instrument"),
    "provision": ("/instruments/refugee-convention-1951/article-33/", "A provision"),
    "actor": ("/actors/abu-dhabi-dialogue/", "A consultative process"),
    "principle": ("/principles/non-refoulement/", "A principle, provision by provision"),
    "topic": ("/topics/refugee-protection/", "A topic"),
    "practice": ("/practices/etm/", "A practice"),
    "country": ("/countries/MA/", "A country: what binds it, what it takes part in, since when"),
    "countries": ("/countries/", "Countries by region"),
    "source": ("/sources/S4/", "A source: what rests on each paragraph"),
    "events": ("/events/", "Events by year"),
    "search": ("/search/?q=non-refoulement", "A search"),
    "search-empty": ("/search/?q=xyzzy", "A search that finds nothing"),
    "compare": (
        "/compare/?a=instrument/refugee-convention-1951&b=instrument/oau-refugee-convention",
        "Two instruments, point by point",
    ),
    "participation": ("/participation/", "Who takes part in what, on a day"),
    "gaps": (
        "/participation/?in=actor/rabat-process&not_in=actor/khartoum-process",
        "Who is in one process and not in the other",
    ),
    "pictures": ("/pictures/", "What there is to look at"),
    "timeline": ("/pictures/timeline/?from=1990&to=2009", "The timeline, one period of it"),
    "lineage": ("/pictures/lineage/refugee-convention-1951/", "The lineage of an instrument"),
    "overlap": ("/pictures/overlap/", "The overlap of consultative processes"),
    "acting": ("/pictures/acting/", "Who acts at which level"),
    "principles-across": ("/pictures/principles/", "Principles across instruments"),
    "principle-across": ("/pictures/principles/?principle=non-refoulement", "One principle, strength side by side"),
    "map": ("/pictures/map/", "The map of participation"),
    "disputed": ("/disputed/", "Everything in dispute"),
    "about": ("/about/", "About and method"),
    "style-guide": ("/styleguide/", "The style guide"),
    "not-found": ("/instruments/refugee-covention/", "An address at which there is nothing"),
}
# Width and height of the window, theme, language.
VIEWS = {
    "wide": (1280, 1000, "light", ""),
    "narrow-dark": (360, 760, "dark", ""),
    "wide-arabic-dark": (1280, 1000, "dark", "/ar"),
    "narrow-arabic": (360, 760, "light", "/ar"),
}
ALLOWED = {"not-found": 404}
QUALITY = 55  # of WebP: the repository stays small, and text legible
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip


def main() -> None:
    """Take all pictures of a site, and write the page that shows them."""
    with site() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        for view in VIEWS:
            print(f"{view}: {len(PAGES)} pages", flush=True)
            take(browser, address, view)
        browser.close()
    SHOWN.write_text(shown(), encoding="utf-8")


@contextmanager
def site() -> Iterator[str]:
    """The address of the site named on the command line, or of one of our own, stopped at the end."""
    if len(sys.argv) > 1:
        yield sys.argv[1].rstrip("/")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="screenshots-")
    environment = os.environ | {"PORT": str(port), "DATA_DIR": folder, "ALLOWED_HOSTS": "127.0.0.1", "PAGE_RATE": "off"}
    process = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(address: str, seconds: int = 600) -> None:
    """Wait until an address answers; raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=30)
            return
        except OSError:
            time.sleep(1)
    raise TimeoutError(address)


def take(browser: Browser, address: str, view: str) -> None:
    """Take every page in one view; raises RuntimeError where a page answers with an error it should not."""
    width, height, scheme, prefix = VIEWS[view]
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    camera = context.new_cdp_session(page)
    for name, (path, _words) in PAGES.items():
        answer = page.goto(address + prefix + path)
        if answer is None or answer.status != ALLOWED.get(name, 200):
            raise RuntimeError(f"{path} answered {answer and answer.status}")
        picture = camera.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        (FOLDER / f"{name}-{view}.webp").write_bytes(base64.b64decode(picture["data"]))
    context.close()


def shown() -> str:
    """The text of `docs/pages.md`."""
    lines = [
        "# What it looks like",
        "",
        "Every kind of page: wide and light in English, narrow and dark in English, wide and dark in Arabic, narrow",
        "and light in Arabic. `make screenshots` takes these pictures anew and writes this page.",
    ]
    for name, (path, words) in PAGES.items():
        lines += ["", f"## {words}", "", f"`{path}`", ""]
        lines += [f"![{words}: {view.replace('-', ', ')}](img/pages/{name}-{view}.webp)" for view in VIEWS]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
