"""What templates need to name the data twins of a page and to cite it."""

from django import template

from governance.exports import citing, formats

register = template.Library()


@register.simple_tag
def data_formats(scope: str) -> list[formats.Format]:
    """The formats of a `record` or of a `list`."""
    return formats.of({"record": formats.RECORD, "list": formats.LIST}[scope])


@register.simple_tag
def citation(record, provision=None) -> str:
    """The line that cites a record or a provision."""
    return citing.sentence(record, provision)
