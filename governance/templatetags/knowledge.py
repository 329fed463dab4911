"""Template tags for what every page of the knowledge base shows: evidence, dates, text."""

from django import template
from django.utils.safestring import SafeString

from governance import edtf, identifiers, markdown
from governance.evidence import Evidence

register = template.Library()


@register.inclusion_tag("governance/_evidence.html")
def evidence(found: Evidence, of: str = "") -> dict:
    """Show what a value rests on; `of` names the value for those who cannot see where the mark stands."""
    return {"evidence": found, "of": of}


@register.filter
def edtf_words(value: str) -> str:
    """An EDTF date in words."""
    return edtf.wording(value) if value else ""


@register.filter
def to_html(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return markdown.to_html(text or "")


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
