"""How much of a source's text a reader sees. Every channel asks `shown`, and nothing else gives a passage's words.

Open: the whole paragraph. Snippets: at most 200 characters around what was asked, and the phrases that records quote
from it. Private: nothing. The rights bind whoever reads, curators too: they are about the text, not about trust.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import Protocol

from governance.ingest.folding import fold, plain
from governance.models import Citation, Record, Source
from governance.models.vocabulary import Rights

LONGEST = 200  # characters of an extract


class Readable(Protocol):
    """A passage or a reading."""

    @property
    def source(self) -> Source: ...
    @property
    def numbers(self) -> tuple[int, ...]: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Shown:
    """What a reader sees of a passage: an extract (whole, where that may be) and phrases that records quote."""

    extract: str = ""
    quotes: tuple[str, ...] = ()
    is_whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.extract or self.quotes)


def shown(passage: Readable, user, around: str = "") -> Shown:
    """What `user` (None is the public) sees of a passage, `around` being what was asked: words or a phrase."""
    return Reader(passage.source, user).shown(passage, around)


class Reader:
    """`shown` for many passages of one source, in a constant number of queries."""

    def __init__(self, source: Source, user) -> None:
        visible = Record.objects.visible_to(user)
        self.rights = source.rights if visible.filter(pk=source.pk).exists() else Rights.PRIVATE
        self.quotes: dict[int | None, list[str]] = defaultdict(list)
        if self.rights != Rights.PRIVATE:
            quoting = Citation.objects.filter(source=source, record__in=visible.values("pk")).exclude(quote="")
            for number, quote in quoting.order_by("pk").values_list("paragraph", "quote"):
                self.quotes[number].append(quote)

    def shown(self, passage: Readable, around: str = "") -> Shown:
        """As the function of this name; the passage is one of the reader's source."""
        if self.rights not in (Rights.OPEN, Rights.SNIPPETS):
            return Shown()
        text = plain(passage.text)
        quotes = _standing(text, [quote for number in passage.numbers for quote in self.quotes.get(number, ())])
        if self.rights == Rights.OPEN:
            return Shown(text, quotes, is_whole=True)
        extract = _around(text, around)
        return Shown(extract, quotes, is_whole=bool(extract) and extract == text)


def _standing(text: str, quotes: list[str]) -> tuple[str, ...]:
    """The quotes that stand in the text, in its order, without those that are part of another."""
    whole = fold(text)
    placed = {folded: (place, quote) for quote in quotes if (place := whole.find(folded := fold(quote))) >= 0}
    longest = [folded for folded in placed if not any(folded in other and folded != other for other in placed)]
    return tuple(quote for _, quote in sorted(placed[folded] for folded in longest))


def _around(text: str, asked: str) -> str:
    """At most 200 characters of `text` around the first place where what was asked stands; empty when it does not."""
    text = " ".join(text.split())
    place = _find(text, " ".join(asked.split())[:LONGEST])
    if place is None:
        return ""
    if len(text) <= LONGEST:
        return text
    room = LONGEST - 2  # an ellipsis at either end
    start = max(0, min((place[0] + place[1] - room) // 2, len(text) - room))
    extract = text[start : start + room]
    if start and not text[start - 1].isspace():
        extract = extract.partition(" ")[2] or extract
    if start + room < len(text) and not text[start + room].isspace():
        extract = extract.rpartition(" ")[0] or extract
    return ("…" if start else "") + extract.strip() + ("…" if start + room < len(text) else "")


def _find(text: str, asked: str) -> tuple[int, int] | None:
    """Where it stands, letters compared without case and accents: the whole, a word of it, or how a word begins."""
    base, wanted = _base(text), _base(asked)
    words = sorted(re.findall(r"\w{3,}", wanted), key=len, reverse=True)
    for candidate in [wanted, *words, *(word[: max(4, len(word) - 3)] for word in words if len(word) > 4)]:
        match = re.search(rf"\b{re.escape(candidate)}", base) if candidate else None
        if match:
            return match.span()
    return None


def _base(text: str) -> str:
    """The text in small letters without accents, as long as it was."""
    return "".join((unicodedata.normalize("NFD", character)[0].lower() or character)[0] for character in text)
