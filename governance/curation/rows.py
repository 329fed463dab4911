"""One form for each kind of row of a document: a name, a date, a party …, with its basis and its sources.

A row form is made from a row as people write it (`from_row`) and gives one back (`to_row`).
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.curation.fields import ChoiceField, CiteField, EdtfField, ReferenceField, TextField
from governance.models.vocabulary import (
    PREDICATES,
    Act,
    Basis,
    CaveatKind,
    DateEvent,
    NameKind,
    Scheme,
    Strength,
    Type,
)

BASIS_CHOICES = [
    ("", _("As cited")), (Basis.STATED, _("Stated")), (Basis.INFERRED, _("Inferred")), (Basis.COMPUTED, _("Computed")),
    (Basis.EDITORIAL, _("Editorial")),
]  # fmt: skip
BASIS_HELP = _("“As cited” is: stated where a source is named, editorial where none is.")


def basis_field() -> ChoiceField:
    return ChoiceField(label=_("Basis"), choices=BASIS_CHOICES, required=False)


def _choices(vocabulary) -> list:
    return [("", "—"), *vocabulary]


class RowForm(forms.Form):
    """What all rows share. `place` is the row's number in the form, by which a caveat may point at it."""

    evidence = True
    wide: tuple[str, ...] = ()  # fields that take a line of their own

    def __init__(self, *args: Any, titles: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.evidence:
            self.fields["basis"] = basis_field()
        self.fields.setdefault("cite", CiteField())
        for field in self.fields.values():
            if isinstance(field, ReferenceField):
                field.widget.titles = titles or {}

    @classmethod
    def from_row(cls, row: dict) -> dict:
        return dict(row)

    def to_row(self) -> dict:
        """The row as people write it; fields left empty are left out."""
        return {name: self.cleaned_data[name] for name in self.document_fields if self.cleaned_data.get(name)}

    @property
    def document_fields(self) -> list[str]:
        return [name for name in self.fields if name not in ("ORDER", "DELETE")]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields of the value itself, without evidence and housekeeping."""
        return [self[name] for name in self.document_fields if name not in ("basis", "cite")]


class NameRow(RowForm):
    text = forms.CharField(label=_("Name"), max_length=400, widget=forms.TextInput(attrs={"size": 44, "dir": "auto"}))
    language = forms.RegexField(
        r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", label=_("Language"), initial="en", max_length=16,
        widget=forms.TextInput(attrs={"size": 4, "list": "languages"}),
        error_messages={"invalid": _("Write a language code: en, fr, es, ar, zh-Hans.")},
    )  # fmt: skip
    kind = ChoiceField(label=_("Kind"), choices=NameKind.choices, initial=NameKind.ALIAS)


class IdentifierRow(RowForm):
    scheme = ChoiceField(label=_("Scheme"), choices=_choices(Scheme.choices))
    value = forms.CharField(label=_("Value"), max_length=300, widget=forms.TextInput(attrs={"size": 36}))


class DateRow(RowForm):
    event = ChoiceField(label=_("What"), choices=_choices(DateEvent.choices))
    value = EdtfField(label=_("When"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class ParticipationRow(RowForm):
    party = ReferenceField(Type.COUNTRY, Type.ACTOR, label=_("Who"))
    act = ChoiceField(label=_("Act"), choices=_choices(Act.choices))
    role = forms.CharField(label=_("Role"), max_length=120, required=False)
    # `from` is a word of Python's own, so this field is added by name below.
    until = EdtfField(label=_("Until"), required=False)
    effect = EdtfField(label=_("Effective"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = EdtfField(label=_("From"), required=False)
        self.order_fields(("party", "act", "role", "from", "until", "effect", "note", "basis", "cite"))


class RelationRow(RowForm):
    predicate = ChoiceField(label=_("Relation"), choices=_choices([(n, p.label) for n, p in PREDICATES.items()]))
    to = ReferenceField(*Type, label=_("To"))
    date = EdtfField(label=_("Date"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class PrincipleRow(RowForm):
    slug = ReferenceField(Type.PRINCIPLE, bare=True, label=_("Principle"))
    strength = ChoiceField(label=_("Strength"), choices=_choices(Strength.choices), required=False)


class CarriedRow(RowForm):
    """A principle that a provision carries."""

    slug = ReferenceField(Type.PRINCIPLE, bare=True, label=_("Carries the principle"))
    strength = ChoiceField(label=_("Strength"), choices=Strength.choices, initial=Strength.EXPLICIT)


class TopicRow(RowForm):
    slug = ReferenceField(Type.TOPIC, bare=True, label=_("Topic"))


class CaveatRow(RowForm):
    evidence = False
    wide = ("text",)

    kind = ChoiceField(label=_("Kind"), choices=_choices(CaveatKind.choices))
    field = forms.CharField(
        label=_("About"), max_length=120, required=False,
        help_text=_("Empty for the whole record, or a place as shown here: /level, /dates/0."),
        widget=forms.TextInput(attrs={"size": 16, "list": "places"}),
    )  # fmt: skip
    text = TextField(label=_("What a reader must know"), widget=forms.Textarea(attrs={"rows": 2, "cols": 60}))


class ProvisionRow(RowForm):
    wide = ("gist",)

    label = forms.CharField(label=_("Label"), max_length=120, help_text=_("Article 33, Objective 2, Annex 1"))
    slug = forms.SlugField(
        label=_("Address"), max_length=120, required=False, help_text=_("Made of the label where left empty.")
    )
    heading = forms.CharField(
        label=_("Heading"), max_length=400, required=False, widget=forms.TextInput(attrs={"size": 44})
    )
    gist = TextField(label=_("In our own words"), required=False, widget=forms.Textarea(attrs={"rows": 2, "cols": 60}))
