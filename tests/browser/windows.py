"""Windows of the browser that serve one test after another: a new one costs as much as four pages in an old one."""

from playwright.sync_api import Browser, Page

from tests.governance.curating import PASSWORD

USUAL = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}


class Window:
    """One page in a context of its own, and what it complains of: requests that leave the site, errors, warnings."""

    def __init__(self, browser: Browser, site: str, options: dict) -> None:
        self.site, self.options = site, options
        self.context = browser.new_context(base_url=site, **options)
        self.context.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.context.on("request", lambda r: None if r.url.startswith((f"{site}/", "data:")) else self.tell(r.url))
        self.context.on(
            "console", lambda m: self.tell(f"{m.text} {m.location['url']}") if m.type in ("error", "warning") else None
        )
        self.context.on("weberror", lambda error: self.tell(str(error.error)))
        self.page: Page = self.context.new_page()
        self.devtools = self.context.new_cdp_session(self.page)

    def tell(self, complaint: str) -> None:
        self.complaints.append(complaint)

    def clear(self) -> None:
        """Leave nothing of a test, but what the site let the browser keep.

        It waits at an address of the site: on the way back from about:blank the browser would begin a new process.
        """
        self.page.unroute_all()
        self.page.goto("/robots.txt")
        self.devtools.send("Storage.clearDataForOrigin", {"origin": self.site, "storageTypes": "all"})
        self.page.emulate_media(media="null", color_scheme="null")
        self.page.set_viewport_size(self.options["viewport"])
        self.complaints.clear()

    def close(self) -> None:
        self.context.close()


class Windows:
    """The windows of a browser. Those that nobody looks through any more wait to be taken again."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.waiting: list[Window] = []

    def open(self, site: str, options: dict) -> Window:
        """A new window on this site, with these options of a context."""
        return Window(self.browser, site, USUAL | options)

    def take(self, site: str, options: dict) -> Window:
        """One that waits for a test with such a window, or a new one."""
        for window in self.waiting:
            if (window.site, window.options) == (site, USUAL | options):
                self.waiting.remove(window)
                return window
        return self.open(site, options)

    def give_back(self, window: Window) -> list[str]:
        """Clear it for the next test; returns what it complained of in this one."""
        complaints = list(window.complaints)
        window.clear()
        self.waiting.append(window)
        return complaints


def sign_in(page: Page, name: str) -> None:
    """By the form, as people do."""
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
