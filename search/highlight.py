"""Snippets: the part of a text that shows best why it was found. The text is escaped first and marked second."""

import re
from collections.abc import Collection, Mapping
from html import escape
from typing import Any

from django.utils.safestring import SafeString

from governance.ingest import rights
from search.scanning import scan
from search.stems import languages, stem
from search.text import Token, tokens

WIDTH = 240
LONGEST = 20_000  # characters of a text that are looked at
EXTRACT = rights.LONGEST - len("…  …")
LEAD = 40  # characters before the first mark
STEM = "~"
_SPECIAL = re.compile("[&<>\"']")


class Highlighter:
    """Marks `terms` in texts: a term is a folded word, or `~language:stem`.

    `surface`: the words with these stems, from who knows all words of the texts; a text is then only scanned for them,
    which is some ten times faster than to analyse each of its words."""

    def __init__(self, terms: Collection[str], surface: Collection[str] | None = None) -> None:
        self.terms = terms
        self.sought = None if surface is None else {*surface, *(term for term in terms if term[:1] != STEM)}
        self._verdicts: dict[str, bool] = {}

    def snippet(self, texts: list[str], width: int = WIDTH) -> SafeString:
        """Return safe HTML: of the first text in which any term stands, the stretch with most of them, each in <mark>;
        the beginning of the first text when none does."""
        for text in texts:
            found = self._marks(text[:LONGEST])
            if found:
                return SafeString(_stretch(text, found, width))
        first = next((text for text in texts if text), "")
        return SafeString(escape(_cut(first, width)) + ("…" if len(first) > width else ""))

    def extract(self, text: str) -> SafeString:
        """Of a text that may not be shown in full: at most `rights.LONGEST` characters around what was asked, as safe
        HTML; nothing when it does not stand there."""
        found = self._marks(text[:LONGEST])
        return SafeString(_stretch(text, found, EXTRACT) if found else "")

    def shown(self, texts: Mapping[str, Any], exact: bool) -> SafeString:
        """The snippet of a document, from what an engine keeps of it to show: `summary`, and maybe `body`, `names` and
        `extract`."""
        if texts.get("extract"):
            return self.extract(texts["summary"])
        found = [texts["summary"]]
        if not exact:  # where it is what was asked for, its summary says more than a line that has the name
            found += [texts.get("body") or "", " · ".join(name[0] for name in texts.get("names") or ())]
        return self.snippet(found)

    def _marks(self, text: str) -> list[Token]:
        found: list[Token] = []
        if not self.terms or not text:
            return found
        scanned = None if self.sought is None else scan(text, self.sought)
        for token in filter(self._matches, tokens(text)) if scanned is None else scanned:
            if found and token.start < found[-1].end:
                found[-1] = max(found[-1], token, key=lambda t: t.end - t.start)
            else:
                found.append(token)
        return found

    def _matches(self, token: Token) -> bool:
        if token.text in self.terms or token.whole:
            return token.text in self.terms
        verdict = self._verdicts.get(token.text)
        if verdict is None:
            stems = (f"{STEM}{language}:{stem(token.text, language)}" for language in languages(token.text))
            verdict = self._verdicts[token.text] = any(form in self.terms for form in stems)
        return verdict


def _stretch(text: str, found: list[Token], width: int) -> str:
    best = found[_densest(found, width - LEAD)]
    start = max(0, best.start - LEAD)
    if start:
        start = text.find(" ", start, best.start) + 1 or best.start
    end = min(len(text), max(start + width, best.end))
    if end < len(text):
        end = max(text.rfind(" ", start, end), best.end)
    inside = [token for token in found if start <= token.start and token.end <= end]
    return ("… " if start else "") + _marked(text, inside, start, end) + (" …" if end < len(text) else "")


def _densest(found: list[Token], width: int) -> int:
    """The mark from which on the most different words, then the most words, stand within `width` characters."""
    best, best_value, last = 0, -1, 0
    inside: dict[str, int] = {}
    for first, token in enumerate(found if len(found) > 1 else ()):
        while last < len(found) and found[last].end <= token.start + width:
            inside[found[last].text] = inside.get(found[last].text, 0) + 1
            last += 1
        value = 10 * len(inside) + last - first
        if value > best_value:
            best, best_value = first, value
        last = max(last, first + 1)
        times = inside.pop(token.text, 0)
        if times > 1:
            inside[token.text] = times - 1
    return best


def _marked(text: str, found: list[Token], start: int, end: int) -> str:
    parts, place = [], start
    for token in found:
        parts += [text[place : token.start], text[token.start : token.end]]
        place = token.end
    parts.append(text[place:end])
    if _SPECIAL.search(text, start, end):
        parts = list(map(escape, parts))
    parts[1::2] = [f"<mark>{part}</mark>" for part in parts[1::2]]
    return "".join(parts)


def _cut(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    space = text.rfind(" ", 0, width)
    return text[: space if space > 0 else width]
