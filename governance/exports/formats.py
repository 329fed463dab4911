"""The formats that an address offers, by the name in `?format=` and by media type in `Accept`."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

HTML = "text/html"


@dataclass(frozen=True)
class Format:
    """`name` in `?format=`, its media type, how it is called for a reader, whether a browser should save it."""

    name: str
    media_type: str
    label: str | Promise
    saved: bool = False

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset=utf-8"


class UnknownFormat(ValueError):
    """The address does not have the format asked for; the message names those it has."""


FORMATS = {
    made.name: made
    for made in (
        Format("json", "application/json", "JSON"),
        Format("jsonld", "application/ld+json", "JSON-LD"),
        Format("csl", "application/vnd.citationstyles.csl+json", "CSL-JSON"),
        Format("bib", "application/x-bibtex", "BibTeX", saved=True),
        Format("ris", "application/x-research-info-systems", gettext_lazy("RIS (Zotero, EndNote)"), saved=True),
        Format("csv", "text/csv", gettext_lazy("CSV (table)"), saved=True),
        Format("atom", "application/atom+xml", gettext_lazy("Atom (feed)")),
    )
}
RECORD = ("json", "jsonld", "csl", "bib", "ris")
LIST = ("json", "csv", "bib", "ris", "csl", "atom")


def of(names: Iterable[str]) -> list[Format]:
    """The formats with these names, in that order."""
    return [FORMATS[name] for name in names]


def prefers_data(request: HttpRequest) -> bool:
    """Does `Accept` put one of the data formats before HTML?"""
    return request.get_preferred_type([HTML, *(f.media_type for f in FORMATS.values())]) not in (HTML, None)


def wanted(request: HttpRequest, names: tuple[str, ...]) -> Format:
    """Return the format that a request for data asks for, JSON where it only says that it wants data.

    `?format=` goes before `Accept`. Raises UnknownFormat.
    """
    name = request.GET.get("format")
    if name:
        if name not in names:
            offered = ", ".join(names)
            raise UnknownFormat(
                _("“%(name)s” is not a format of this address; choose one of: %(offered)s.")
                % {"name": name[:40], "offered": offered}
            )
        return FORMATS[name]
    by_type = {FORMATS[n].media_type: FORMATS[n] for n in names}
    return by_type.get(request.get_preferred_type([*by_type]) or "", FORMATS["json"])
