"""The filters of the lists: one FilterSet, whose names are a promise to everyone who bookmarks or scripts them.

A repeated name is OR, different names are AND. An unknown name or value is a fault that the caller reports; it never
silently widens a list.
"""

from datetime import date

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import m49
from governance.models import Record
from governance.models.vocabulary import KINDS, Binding, Type

YEARS = (1, 9999)
ORDERINGS = {
    "title": gettext_lazy("Title"),
    "-title": gettext_lazy("Title, Z to A"),
    "date": gettext_lazy("Oldest first"),
    "-date": gettext_lazy("Newest first"),
    "-updated": gettext_lazy("Last changed"),
}
PAGE_SIZE, LARGEST_PAGE = 25, 100
LIST_PARAMETERS = {"ordering", "page", "page_size", "format"}


class ValuesField(forms.Field):
    """Several text values under one name, each among `choices`; the error names the ones that are not."""

    def __init__(self, *, choices, **kwargs) -> None:
        self.choices = choices
        super().__init__(**kwargs)
        self.widget = forms.SelectMultiple()

    def clean(self, value) -> list[str]:
        values = [item for item in dict.fromkeys(value or []) if item]
        if not values:
            return []
        known = self.choices(values)
        wrong = [item for item in values if item not in known]
        if wrong:
            raise ValidationError(_("There is no “%s” to choose here.") % "”, “".join(item[:60] for item in wrong))
        return [known[item] for item in values]


class ValuesFilter(django_filters.Filter):
    """A repeatable filter; `choices` maps the wanted values to the known ones, `verb` is called on the queryset."""

    field_class = ValuesField

    def __init__(self, verb: str, choices, *leading, **kwargs) -> None:
        self.verb, self.leading = verb, leading
        super().__init__(choices=choices, required=False, **kwargs)

    def filter(self, queryset, value):
        return getattr(queryset, self.verb)(*self.leading, *value) if value else queryset


def slugs_of(type_: str):
    """Choices: slugs of the published records of a type, in any case of letters."""

    def known(values: list[str]) -> dict[str, str]:
        wanted = {value.casefold(): value for value in values}
        found = Record.objects.published().of_type(type_).filter(slug__iregex=_any_of(values)).values_list("slug", flat=True)
        return {wanted[slug.casefold()]: slug for slug in found if slug.casefold() in wanted}

    return known


def _any_of(values: list[str]) -> str:
    """A pattern for a handful of slugs; characters no slug has are dropped, so that it matches nothing by them."""
    safe = ["".join(c for c in value if c.isascii() and (c.isalnum() or c in "-_")) for value in values]
    return "^(" + "|".join(safe) + ")$"


def among(known):
    """Choices: the members of a fixed collection."""
    return lambda values: {value: value for value in values if value in known}


ALL_KINDS = {kind for kinds in KINDS.values() for kind in kinds}


class RecordFilterSet(django_filters.FilterSet):
    """Every filter of every list. `faults()` says what of the query cannot be used."""

    q = django_filters.CharFilter(method="matching", max_length=200)
    type = ValuesFilter("of_types", among(Type.values))
    kind = ValuesFilter("of_kind", among(ALL_KINDS))
    level = ValuesFilter("at_level", slugs_of(Type.LEVEL))
    binding = ValuesFilter("with_force", among(Binding.values))
    principle = ValuesFilter("carrying", slugs_of(Type.PRINCIPLE))
    topic = ValuesFilter("about", slugs_of(Type.TOPIC))
    actor = ValuesFilter("involving", slugs_of(Type.ACTOR), Type.ACTOR)
    country = ValuesFilter("involving", slugs_of(Type.COUNTRY), Type.COUNTRY)
    region = ValuesFilter("in_regions", among({*m49.REGIONS, *m49.SUBREGIONS}))
    year_min = django_filters.NumberFilter(method="dated", min_value=YEARS[0], max_value=YEARS[1], decimal_places=0)
    year_max = django_filters.NumberFilter(method="dated", min_value=YEARS[0], max_value=YEARS[1], decimal_places=0)
    source = ValuesFilter("resting_on", slugs_of(Type.SOURCE))
    in_force_on = django_filters.DateFilter(method="being_on", input_formats=["%Y-%m-%d"])

    def matching(self, queryset, name: str, value: str):
        return queryset.matching(value)

    def dated(self, queryset, name: str, value):
        """Both years make one condition, on one and the same date; it is applied with the first of them."""
        first, last = self.form.cleaned_data.get("year_min"), self.form.cleaned_data.get("year_max")
        if name == "year_max" and first is not None:
            return queryset
        return queryset.dated_within(int(first) if first is not None else None, int(last) if last is not None else None)

    def being_on(self, queryset, name: str, value: date):
        return queryset.in_force_on(value)

    def faults(self) -> dict[str, str]:
        """Return what of the query cannot be used, as name → message; empty when all is well."""
        found = {}
        for name in self.data:
            if name not in self.filters and name not in LIST_PARAMETERS:
                found[name] = _("There is no filter with this name.")
        if not self.form.is_valid():
            found |= {name: " ".join(map(str, errors)) for name, errors in self.form.errors.items()}
        ordering = self.data.get("ordering")
        if ordering and ordering not in ORDERINGS:
            found["ordering"] = _("“%(v)s” is not one of: %(c)s.") % {"v": ordering[:60], "c": ", ".join(ORDERINGS)}
        for name, highest in (("page", None), ("page_size", LARGEST_PAGE)):
            value = self.data.get(name, "1")
            if not (value.isascii() and value.isdecimal()) or int(value[:9]) < 1:
                found[name] = _("This is a whole number from 1 on.")
            elif highest and int(value[:9]) > highest:
                found[name] = _("A page has at most %d entries.") % highest
        first, last = (self.form.cleaned_data.get(name) for name in ("year_min", "year_max"))
        if first is not None and last is not None and first > last:
            found["year_min"] = _("The first year is after the last one.")
        return found

    def narrowed(self, leave_out: str | None = None):
        """The queryset with every usable filter applied but `leave_out`; nothing when a value is unknown."""
        queryset = self.queryset
        for name in self.form.errors:
            if name != leave_out:
                return queryset.none()
        for name, value in self.form.cleaned_data.items():
            if name != leave_out and not (leave_out == "year" and name in ("year_min", "year_max")):
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    def sorted(self):
        """`narrowed()` in the order asked for; by title when none is, with the id last so that pages do not overlap."""
        ordering = self.data.get("ordering")
        return self.narrowed().in_order(ordering if ordering in ORDERINGS else "title")

    @property
    def page_size(self) -> int:
        value = self.data.get("page_size", "")
        return int(value) if value.isascii() and value.isdecimal() and 1 <= int(value[:9]) <= LARGEST_PAGE else PAGE_SIZE
