"""Finding known words in a text without analysing all of it: the same tokens as `search.text.tokens`, where they stand.

The text is folded character by character, so that places stay the same, and scanned for the words. Where letters are
joined by signs (`non-refoulement`, `A/RES/73/195`, `U.N.`), the piece is analysed as it is in indexing. A text that
cannot be folded so (combining marks, ligatures, characters that are a word each) is left to the caller.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache
from operator import itemgetter

from search.text import HAN, Token, belongs, fold, tokens

_SIGNS = {sign: f"{sign} " for sign in "-./+'"}  # that join letters, once folded; and as they end a word
_PLACE = itemgetter(0)
_UNFOLDABLE = "\ufffd"


class _Folding(dict):
    """character → its folded form, where that is one character."""

    def __missing__(self, code: int) -> str:
        folded = fold(chr(code))
        if not belongs(chr(code)):
            folded = " "  # it only separates
        found = self[code] = folded if len(folded) == 1 and not HAN.match(folded) else _UNFOLDABLE
        return found


_folding = _Folding()


def scan(text: str, sought: Collection[str]) -> list[Token] | None:
    """The tokens of a text that are one of the folded words `sought`, in order; None when it cannot be scanned."""
    if text.isascii():
        folded = text.lower()
    else:
        folded = text.translate(_folding)
        if _UNFOLDABLE in folded:
            return None
    found = [
        (start, Token(word, 0, start, start + len(word)))
        for word in sought
        if word in folded
        for start in _starts(folded, word)
    ]
    joined = {folded.rfind(" ", 0, place) + 1: place for place in _joining(folded)}
    if joined:
        wanted = frozenset(sought)
        pieces = [(start, _end(folded, sign)) for start, sign in joined.items()]
        found = [(place, token) for place, token in found if not any(start <= place < end for start, end in pieces)]
        for start, end in pieces:
            for token in _analysed(text[start:end]):
                if token.text in wanted:
                    found.append((start, token._replace(start=start + token.start, end=start + token.end)))
    found.sort(key=_PLACE)
    return [token for _place, token in found]


@lru_cache(maxsize=4096)
def _analysed(piece: str) -> tuple[Token, ...]:
    return tuple(tokens(piece))


def _joining(folded: str) -> Iterator[int]:
    """Where signs join letters."""
    for sign, ending in _SIGNS.items():
        if sign not in folded or folded.count(sign) == folded.count(ending) + folded.endswith(sign):
            continue  # as at the end of each sentence, which is told without looking at every one
        place = folded.find(sign)
        while place >= 0:
            if folded[place + 1 : place + 2].isalnum() and place and folded[place - 1].isalnum():
                yield place
            place = folded.find(sign, place + 1)


def _end(folded: str, place: int) -> int:
    """Where the piece ends in which a place is."""
    end = folded.find(" ", place)
    return len(folded) if end < 0 else end


def _starts(folded: str, word: str) -> Iterator[int]:
    """Where a word stands as a whole word."""
    start = folded.find(word)
    while start >= 0:
        end = start + len(word)
        if not (start and folded[start - 1].isalnum()) and not folded[end : end + 1].isalnum():
            yield start
        start = folded.find(word, end)
