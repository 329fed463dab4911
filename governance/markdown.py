"""Markdown to HTML that is safe to show: rendered by `markdown`, then cleaned by `nh3` to a short list of tags."""

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {
    "p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "a", "h3", "h4",
    "h5", "table", "thead", "tbody", "tr", "th", "td", "sup", "sub",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}}
SCHEMES = {"http", "https", "mailto"}
LONGEST = 200_000


def to_html(text: str) -> SafeString:
    """Render Markdown of at most 200,000 characters; whatever could act (script, style, handlers) is gone."""
    html = markdown.markdown(text[:LONGEST], extensions=["tables", "sane_lists"], output_format="html")
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener")
    return mark_safe(clean)
