"""Snippets: the part of a text that shows best why it was found. The text is escaped first and marked second."""

from collections.abc import Collection
from html import escape

from django.utils.safestring import SafeString, mark_safe

from governance.ingest import rights
from search.stems import languages, stem
from search.text import Token, tokens

WIDTH = 240
LONGEST = 20_000  # characters of a text that are looked at
EXTRACT = rights.LONGEST - len("…  …")
LEAD = 40  # characters before the first mark
STEM = "~"


class Highlighter:
    """Marks `terms` in texts: a term is a folded word, or `~language:stem`."""

    def __init__(self, terms: Collection[str]) -> None:
        self.terms = terms
        self._verdicts: dict[str, bool] = {}

    def snippet(self, texts: list[str], width: int = WIDTH) -> SafeString:
        """Return safe HTML: of the first text in which any term stands, the stretch with most of them, each in <mark>;
        the beginning of the first text when none does."""
        for text in texts:
            found = self._marks(text[:LONGEST])
            if found:
                return mark_safe(_stretch(text, found, width))
        first = next((text for text in texts if text), "")
        return mark_safe(escape(_cut(first, width)) + ("…" if len(first) > width else ""))

    def extract(self, text: str) -> SafeString:
        """Of a text that may not be shown in full: at most `rights.LONGEST` characters around what was asked, as safe
        HTML; nothing when it does not stand there."""
        found = self._marks(text[:LONGEST])
        return mark_safe(_stretch(text, found, EXTRACT) if found else "")

    def _marks(self, text: str) -> list[Token]:
        found: list[Token] = []
        if not self.terms:
            return found
        for token in tokens(text):
            if not self._matches(token):
                continue
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
    best, best_value = 0, -1
    for first, token in enumerate(found):
        words = [other.text for other in found[first:] if other.end <= token.start + width - LEAD]
        value = 10 * len(set(words)) + len(words)
        if value > best_value:
            best, best_value = first, value
    start = max(0, found[best].start - LEAD)
    if start:
        start = text.find(" ", start, found[best].start) + 1 or found[best].start
    end = min(len(text), max(start + width, found[best].end))
    if end < len(text):
        end = max(text.rfind(" ", start, end), found[best].end)
    inside = [token for token in found if start <= token.start and token.end <= end]
    return ("… " if start else "") + _marked(text, inside, start, end) + (" …" if end < len(text) else "")


def _marked(text: str, found: list[Token], start: int, end: int) -> str:
    parts, place = [], start
    for token in found:
        parts += [escape(text[place : token.start]), "<mark>", escape(text[token.start : token.end]), "</mark>"]
        place = token.end
    return "".join([*parts, escape(text[place:end])])


def _cut(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    space = text.rfind(" ", 0, width)
    return text[: space if space > 0 else width]
