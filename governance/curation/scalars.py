"""The fields of a document that stand once: title, kind, level, summary …, each with its basis and its sources."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance import m49, markdown
from governance.curation.fields import (
    CITE_HELP,
    CiteField,
    JoinedField,
    ListField,
    NumbersField,
    ReferenceField,
    TextField,
)
from governance.curation.rows import BASIS_HELP, basis_field
from governance.knowledge.sections import child_model
from governance.models import Level
from governance.models.vocabulary import KINDS, Binding, Reliability, Rights, Type

WITHOUT_EVIDENCE = ("slug", "position", "languages", "residue", "joined", "footnotes", "iso2", "iso3", "m49", "region")
WITHOUT_LEVEL = (Type.LEVEL, Type.COUNTRY, Type.SOURCE)
CAN_BIND = (Type.INSTRUMENT, Type.ACTOR)


def _blank(choices) -> list:
    return [("", "—"), *choices]


def _region_choices() -> list:
    return _blank([*((code, label) for code, (label, _region) in m49.SUBREGIONS.items()), ("010", m49.REGIONS["010"])])


def _levels() -> list:
    return _blank(Level.objects.order_by("position").values_list("slug", "title"))


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "cols": 80, "data-preview": "true"})


# How each field is made; `type_` is the record's.
MAKERS: dict[str, Callable[[str], forms.Field]] = {
    "slug": lambda type_: forms.SlugField(
        label=_("Code") if type_ == Type.SOURCE else _("Address"), max_length=120, required=type_ == Type.SOURCE,
        help_text=_("Letters, digits and hyphens. Left empty, it is made of the title; once published it stays."),
    ),
    "title": lambda type_: forms.CharField(
        label=_("Title"), max_length=400, widget=forms.TextInput(attrs={"size": 80}),
        help_text=_("The English name shown as heading."),
    ),
    "kind": lambda type_: forms.ChoiceField(label=_("Kind"), choices=_blank(KINDS[Type(type_)].items())),
    "level": lambda type_: forms.ChoiceField(label=_("Level of cooperation"), choices=_levels, required=False),
    "binding": lambda type_: forms.ChoiceField(label=_("Legal force"), choices=_blank(Binding.choices), required=False),
    "summary": lambda type_: TextField(
        label=_("Summary"), required=False, widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=_("One to three sentences in our own words."),
    ),
    "body": lambda type_: TextField(
        label=_("Text"), required=False, max_length=markdown.LONGEST, widget=_lines(8),
        help_text=_("Markdown, in our own words."),
    ),
    "parent": lambda type_: ReferenceField(type_, bare=True, label=_("Part of the broader"), required=False),
    "position": lambda type_: forms.IntegerField(label=_("Position"), min_value=0, max_value=30_000, required=False),
    "website": lambda type_: forms.URLField(label=_("Website"), max_length=400, required=False),
    "address": lambda type_: forms.URLField(label=_("Web address"), max_length=600, required=False),
    "region": lambda type_: forms.ChoiceField(label=_("Sub-region (M49)"), choices=_region_choices, required=False),
    "iso2": lambda type_: forms.RegexField(r"^[A-Z]{2}$", label=_("ISO alpha-2")),
    "iso3": lambda type_: forms.RegexField(r"^[A-Z]{3}$", label=_("ISO alpha-3"), required=False),
    "m49": lambda type_: forms.RegexField(r"^\d{3}$", label=_("M49 code"), required=False),
    "languages": lambda type_: ListField(label=_("Languages"), required=False, help_text=_("Codes: en, fr")),
    "reliability": lambda type_: forms.ChoiceField(
        label=_("Reliability"), choices=_blank(Reliability.choices), required=False
    ),
    "reliability_note": lambda type_: TextField(
        label=_("On its reliability"), required=False, widget=forms.Textarea(attrs={"rows": 3, "cols": 80})
    ),
    "rights": lambda type_: forms.ChoiceField(label=_("Rights"), choices=Rights.choices, initial=Rights.SNIPPETS),
    "residue": lambda type_: NumbersField(label=_("Paragraphs that are page residue"), required=False),
    "joined": lambda type_: JoinedField(
        label=_("Paragraphs that belong together"), required=False, help_text=_("13+14, 20+21")
    ),
    "footnotes": lambda type_: NumbersField(label=_("Paragraphs that are footnotes"), required=False),
}  # fmt: skip
LABELS = {
    "place": _("Place"), "author": _("Author"), "publisher": _("Publisher"), "date_stated": _("Date as stated"),
    "date_inferred": _("Date as inferred"), "seen": _("Seen on"), "disclosure": _("Disclosure"),
}  # fmt: skip


def fields_of(type_: str) -> list[str]:
    """The names of the fields a type has, in the order in which they are edited."""
    common = ["title", "slug", "kind", "level", "binding"]
    if not KINDS[Type(type_)]:
        common.remove("kind")
    if type_ in WITHOUT_LEVEL:
        common.remove("level")
    if type_ not in CAN_BIND:
        common.remove("binding")
    own = [name for name in child_model(type_).document_fields if name != "code"]
    return [*common, *own, "summary", "body"]


class ScalarForm(forms.Form):
    """Made for one type; beside a field `level` stand `level_basis` and `level_cite`."""

    def __init__(self, type_: str, *args: Any, titles: dict[str, str], fixed_slug: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = type_
        self.names = [name for name in fields_of(type_) if not (name == "slug" and fixed_slug)]
        for name in self.names:
            self.fields[name] = self._field(name)
            if isinstance(self.fields[name], ReferenceField):
                self.fields[name].widget.titles = titles
            if name not in WITHOUT_EVIDENCE:
                self.fields[f"{name}_basis"] = basis_field()
                self.fields[f"{name}_cite"] = CiteField()
        self.fields["title_cite"].help_text = CITE_HELP
        self.fields["title_basis"].help_text = BASIS_HELP

    def _field(self, name: str) -> forms.Field:
        if name in MAKERS:
            return MAKERS[name](self.type)
        column = child_model(self.type)._meta.get_field(name)
        return forms.CharField(label=LABELS.get(name, name), max_length=column.max_length, required=False)

    @classmethod
    def initial_of(cls, type_: str, written: dict) -> dict:
        """What the form shows of a document as people write it."""
        initial: dict[str, Any] = {}
        for name in fields_of(type_):
            value = written.get(name)
            if isinstance(value, dict):
                initial |= {f"{name}_basis": value.get("basis", ""), f"{name}_cite": value.get("cite", [])}
                if not value.get("basis") and not value.get("cite"):
                    initial[f"{name}_basis"] = "editorial"  # said in so many words, and no source with it
                value = value.get("value")
            initial[name] = value
        return {name: value for name, value in initial.items() if value is not None}

    def to_document(self) -> dict:
        """The fields as people write them."""
        document: dict[str, Any] = {}
        for name in self.names:
            value, basis = self.cleaned_data[name], self.cleaned_data.get(f"{name}_basis")
            written = self.cleaned_data.get(f"{name}_cite")
            if basis or written:
                value = {
                    "value": value,
                    **({"basis": basis} if basis else {}),
                    **({"cite": written} if written else {}),
                }
            if value not in ("", None, []):
                document[name] = value
        return document

    @property
    def lines(self) -> list[dict]:
        """The fields as they are laid out: each with its basis and its sources where it has them."""
        return [
            {
                "field": self[name],
                "basis": self[f"{name}_basis"] if f"{name}_basis" in self.fields else None,
                "cite": self[f"{name}_cite"] if f"{name}_cite" in self.fields else None,
            }
            for name in self.names
        ]
