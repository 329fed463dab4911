"""One choice of a facet as a link. A page has hundreds of them, and a template for each would be most of its cost."""

from django import template
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from governance.browse.facets import Choice
from governance.templatetags.knowledge import chosen_as

register = template.Library()
_SELECTED = mark_safe(' aria-current="true" class="is-selected"')


@register.simple_tag
def choice_link(choice: Choice, facet: str) -> SafeString:
    """A link that narrows to the choice, or takes it off where it is chosen; `facet` is the name of its facet."""
    off = format_html('<span class="visually-hidden"> ({})</span>', _("chosen; take it off")) if choice.selected else ""
    return format_html(
        '<li><a href="?{}" id="c-{}-{}"{} rel="nofollow"><span class="tick" aria-hidden="true"></span>'
        '<span>{}{}</span> <span class="count">{}</span></a></li>\n',
        choice.query, facet, slugify(choice.value), _SELECTED if choice.selected else "",
        chosen_as(choice, facet), off, localize(choice.count),
    )  # fmt: skip
