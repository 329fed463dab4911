"""Template tags for what every page of the knowledge base shows: evidence, dates, text."""

import re

from django import template
from django.urls import reverse, translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from governance import edtf, identifiers, locales, markdown
from governance.evidence import Evidence
from governance.locales import local_name

register = template.Library()
FULL_DAYS = re.compile(r"(?P<month>\d{4}-\d\d)-(?P<day>\d\d)/(?P<last>\d{4}-\d\d-\d\d)", re.ASCII)
MARK = re.compile(r"\b(S\d{1,2}) ¶(\d{1,4})\b")


@register.inclusion_tag("governance/_evidence.html")
def evidence(found: Evidence, of: str = "") -> dict:
    """Show what a value rests on; `of` names the value for those who cannot see where the mark stands."""
    return {"evidence": found, "of": of}


@register.filter
def edtf_words(value: str) -> str:
    """An EDTF date in words; what the two days of an interval share is said once: 14–15 September 2006."""
    days = FULL_DAYS.fullmatch(value or "")
    if not days or days["month"] != days["last"][:7]:
        return edtf.wording(value) if value else ""
    last = edtf.wording(days["last"])
    return f"{int(days['day'])}–{last}" if last != days["last"] else last


@register.filter
def to_html(text: str) -> SafeString:
    """Markdown as safe HTML; a mark such as S2 ¶18 leads to that paragraph of its source."""
    return markdown.to_html(MARK.sub(_linked, text or ""))


def _linked(mark: re.Match) -> str:
    address = reverse("record", kwargs={"plural": "sources", "slug": mark[1]})
    return f"[{mark[0]}]({address}#p{mark[2]})"


@register.filter
def resolver(identifier) -> str:
    """The public address an identifier leads to, or nothing."""
    return identifiers.address(identifier.scheme, identifier.value) or ""


@register.filter
def at(page, pointer: str) -> Evidence:
    """The evidence of a record page at a field: `page|at:"/level"`."""
    return page.book.at(pointer)


@register.filter
def of(numbers: dict, key) -> int:
    """The entry of a mapping under a key that is only known in the loop; 0 when there is none."""
    return numbers.get(key, 0)


@register.filter
def localised(address: str) -> str:
    """A permanent address in the reader's language."""
    return locales.localised(address)


@register.simple_tag(takes_context=True)
def in_language(context: dict, code: str) -> str:
    """This very page, its query included, in another language."""
    request = context["request"]
    return translate_url(request.get_full_path(), code)


@register.filter
def named(record) -> SafeString:
    """A record's name in the reader's language where it has one, else in English, marked as such."""
    text, language = local_name(record)
    if language == get_language():
        return format_html("{}", text)
    return format_html('<bdi lang="{}">{}</bdi>', language, text)
