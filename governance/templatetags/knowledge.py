"""Template tags for what every page of the knowledge base shows: evidence, dates, text."""

import re

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, gettext

from governance import edtf, identifiers, locales, markdown
from governance.addresses import TYPES
from governance.browse.facets import NAMED
from governance.evidence import Evidence
from governance.locales import local_name, local_title
from governance.models import Source

register = template.Library()
MARK = re.compile(r"\b(S\d{1,2}) ¶(\d{1,4})\b")
SOURCE = re.compile(r"\bS\d{1,2}\b")  # what the texts that this collection was made from are called in its own


@register.inclusion_tag("governance/_evidence.html")
def evidence(found: Evidence, of: str = "") -> dict:
    """Show what a value rests on; `of` names the value for those who cannot see where the mark stands, in
    mark-up where it is in another language than the page."""
    return {"evidence": found, "of": of}


@register.filter
def edtf_words(value: str) -> str:
    """An EDTF date in words; what the two days of an interval share is said once: 14–15 September 2006."""
    return edtf.briefly(value or "")


@register.filter
def language_name(code: str) -> str:
    """A language by its name in the reader's language: French, Arabic; one that has none here, by its code."""
    if code == "zh":  # Django knows only the two scripts
        return gettext("Chinese")
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@register.filter
def language_names(codes: list[str]) -> str:
    """Several of them in one line."""
    return locales.listed(map(language_name, codes))


@register.simple_tag
def comma() -> str:
    """What stands between the items of a list."""
    return locales.comma()


@register.filter
def listed(items: list) -> str:
    """Items in one line."""
    return locales.listed(items)


@register.filter
def first_sentence(text: str) -> str:
    """What says most in least room; a full stop within a word or number ends nothing."""
    return re.split(r"(?<=[.!?])\s", text or "", maxsplit=1)[0]


@register.filter
def to_html(text: str) -> SafeString:
    """Markdown as safe HTML; a mark such as S2 ¶18 leads to that paragraph of its source."""
    return markdown.to_html(MARK.sub(_linked, text or ""))


def _linked(mark: re.Match) -> str:
    return f"[{mark[0]}]({_source(mark[1])}#p{mark[2]})"


def _source(slug: str) -> str:
    return reverse("record", kwargs={"plural": "sources", "slug": slug})


@register.filter
def sourced(text: str) -> SafeString:
    """Plain text in which a source that is called by its mark, such as S2, leads to its page."""
    linked = SOURCE.sub(lambda mark: f'<a href="{_source(mark[0])}">{mark[0]}</a>', conditional_escape(text))
    return mark_safe(linked)  # escaped above


@register.filter
def quoted(words: str, source: Source) -> SafeString:
    """Words of a source as a quotation, in the source's language where that is known: not in the page's own."""
    language = format_html(' lang="{}"', source.language) if source.language else ""
    return format_html('<q dir="auto"{}>{}</q>', language, words)


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
    return locales.in_language(request.get_full_path(), code)


@register.filter
def named(record) -> SafeString:
    """A record's name in the reader's language where it has one, else in English, marked as such."""
    return _marked(*local_name(record))


@register.filter
def titled(title: str, address: str) -> SafeString:
    """A title found by a search, or the record's name in the reader's language, which its permanent address tells."""
    plural, _slash, rest = address.strip("/").partition("/")
    if plural not in TYPES or "/" in rest or "#" in rest:
        return _marked(title, settings.LANGUAGE_CODE)
    return _marked(*local_title((TYPES[plural], rest), title))


@register.filter
def plainly_named(record) -> str:
    """The same where no mark-up can stand, as in a title or an option."""
    return local_name(record)[0]


@register.filter
def chosen_as(choice, facet: str) -> SafeString:
    """How a choice of a facet reads: a record's name in the reader's language, or in English and marked as such."""
    return _valued(facet, choice.value, choice.label)


@register.filter
def applied_as(item) -> SafeString:
    """The same for a condition that a list is under."""
    return _valued(item.name, item.slug, item.value)


def _valued(facet: str, slug: str, label: str) -> SafeString:
    if facet not in NAMED:
        return format_html("<bdi>{}</bdi>", label)
    if facet == "source":  # under its code, by which the marks name it
        return _marked(label, settings.LANGUAGE_CODE)
    return _marked(*local_title((NAMED[facet], slug), label))


@register.filter
def marked(text: str, language: str) -> SafeString:
    """Words in a language that may not be the page's, marked as such and kept together."""
    return _marked(text, language)


def _marked(text: str, language: str) -> SafeString:
    if language == get_language():
        return format_html("{}", text)
    return format_html('<bdi lang="{}">{}</bdi>', language, text)
