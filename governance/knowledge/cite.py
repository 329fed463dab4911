"""Citations as people write them: `S4.12`, `"S4.13+20"`, `"S3.6 'short phrase'"`, `"R42 [art. XI]"`, `!` against."""

import re

from django.utils.translation import gettext as _

from governance.knowledge.problems import shown
from governance.models.vocabulary import Stance

LONGEST_QUOTE = 12  # words: what may be quoted from a text that is not ours

_CITE = re.compile(
    r"(?P<against>!?)(?P<code>[-\w]+)(?:\.(?P<paragraphs>[1-9]\d{0,6}(?:\+[1-9]\d{0,6})*))?"
    r"(?: \[(?P<locator>[^\]]*)\])?(?: '(?P<quote>.*)')?",
    re.DOTALL | re.ASCII,
)


class BadCitation(ValueError):
    """The text is not a citation; the message says how one is written."""


def parse(text: str) -> list[dict]:
    """Read one written citation into citation items without `field`, one for each paragraph it names.

    The quote stands on the first. Raises BadCitation.
    """
    match = _CITE.fullmatch(text.strip())
    if not match:
        message = _("“%(text)s” is not a citation; write S4.12, or \"S4.12 'short phrase'\".")
        raise BadCitation(message % {"text": shown(text)})
    quote = match["quote"] or ""
    if len(quote.split()) > LONGEST_QUOTE:
        raise BadCitation(_("The quote “%(quote)s” is longer than twelve words.") % {"quote": shown(quote)})
    common = {
        "source": match["code"],
        "locator": match["locator"] or "",
        "stance": Stance.CONTRADICTS.value if match["against"] else Stance.SUPPORTS.value,
    }
    paragraphs = [int(number) for number in match["paragraphs"].split("+")] if match["paragraphs"] else [None]
    return [
        {**common, "paragraph": number, "quote": "" if position else quote}
        for position, number in enumerate(paragraphs)
    ]


def write(item: dict) -> str:
    """Write one citation item as people do; `parse(write(item))` gives it back, unless its locator holds a `]`."""
    text = ("!" if item.get("stance") == Stance.CONTRADICTS else "") + item["source"]
    if item.get("paragraph"):
        text += f".{item['paragraph']}"
    if item.get("locator"):
        text += f" [{item['locator']}]"
    if item.get("quote"):
        text += f" '{item['quote']}'"
    return text
