"""Markdown to HTML that is safe to show: rendered by `markdown`, then cleaned by `nh3` to a short list of tags."""

import markdown
import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

TAGS = {
    "p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "a", "h3", "h4",
    "h5", "table", "thead", "tbody", "tr", "th", "td", "sup", "sub",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}}
SCHEMES = {"http", "https", "mailto"}
LONGEST = 50_000  # of a text made to be slow the time grows with the square of its length


def to_html(text: str) -> SafeString:
    """Render Markdown of at most 50,000 characters; whatever could act (script, style, handlers) is gone.

    What is nested deeper than the parser can follow is shown as it was typed.
    """
    text = text[:LONGEST]
    try:
        html = markdown.markdown(text, extensions=["tables", "sane_lists"], output_format="html")
    except RecursionError:
        html = f"<pre>{escape(text)}</pre>"
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener")
    return mark_safe(clean)
