"""Template tags of the editor, and the curator's bar on the pages of the site."""

from django import template
from django.urls import reverse

from governance.curation import roles
from governance.curation.heads import last_published, open_revision
from governance.models import Record
from governance.models.vocabulary import State

register = template.Library()


@register.inclusion_tag("curation/_bar.html", takes_context=True)
def curator_bar(context, record: Record) -> dict:
    """For those who may edit: where the record stands, and the way to its editor. Nothing for readers."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.has_perm(roles.READ):
        return {}
    return {
        "record": record, "open": open_revision(record), "edit": reverse("admin:edit", args=(record.pk,)),
        "hidden": record.state != State.PUBLISHED,
    }  # fmt: skip


@register.simple_tag
def published_alone(record: Record) -> bool:
    """Did one person write and publish what readers see?"""
    last = last_published(record)
    return bool(last and last.reviewer_id and last.was_written_by(last.reviewer))


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def is_blank(form) -> bool:
    """A row offered for filling in, as it was offered."""
    return form.empty_permitted and not (form.is_bound and form.has_changed())


@register.filter
def row_summary(form) -> str:
    """What a row is about, for its heading."""
    for name in ("label", "text", "value", "party", "to", "slug", "field"):
        if form.initial.get(name):
            return str(form.initial[name])[:80]
    return ""
