"""Forms written out faster: the plain fields of which an editor has hundreds are put together without templates.

What comes out is what Django's own templates say, letter by letter; every other widget goes through them as ever.
https://docs.djangoproject.com/en/5.2/ref/forms/renderers/
"""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

WIDGETS = "django/forms/widgets"
INPUTS = frozenset(f"{WIDGETS}/{kind}.html" for kind in ("text", "hidden", "number", "email", "url", "checkbox"))
TEXTAREA, ERRORS = f"{WIDGETS}/textarea.html", "django/forms/errors/list/default.html"


class Renderer(DjangoTemplates):
    """Django's, but quick with inputs, text areas and fields that have no error."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name in INPUTS:
            return _input(context["widget"])
        if template_name == TEXTAREA:
            return _textarea(context["widget"])
        if template_name == ERRORS and not context["errors"]:
            return ""
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    value = mark_safe("") if widget["value"] is None else format_html(' value="{}"', widget["value"])
    attributes = _attributes(widget["attrs"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attributes)


def _textarea(widget: dict[str, Any]) -> SafeString:
    said = widget["value"] or ""
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget["attrs"]), said)


def _attributes(attrs: dict[str, Any]) -> SafeString:
    written = (
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{conditional_escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )
    return mark_safe("".join(written))
