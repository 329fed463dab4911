"""The filters of the lists: one FilterSet, whose names are a promise to everyone who bookmarks or scripts them.

A repeated name is OR, different names are AND. An unknown name or value is a fault that the caller reports; it never
silently widens a list.
"""

from datetime import date

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField, Func, Value
from django.db.models.functions import Lower, LPad, Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
    "code": gettext_lazy("Code"),
}
PAGE_SIZE, LARGEST_PAGE = 25, 100
MOST_VALUES = 100
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
        if len(values) > MOST_VALUES:
            raise ValidationError(_("At most %d values can be chosen at once.") % MOST_VALUES)
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


class DayField(forms.DateField):
    """One day, written as 2018-12-10; the error says so."""

    input_formats = ("%Y-%m-%d",)

    def to_python(self, value) -> date | None:
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(_("“%s” is not a day; write it like 2018-12-10.") % str(value)[:60]) from None


class DayFilter(django_filters.Filter):
    field_class = DayField


def slugs_of(type_: str):
    """Choices: slugs of the published records of a type, in any case of letters."""

    def known(values: list[str]) -> dict[str, str]:
        wanted = {value.lower(): value for value in values if "\0" not in value}
        records = Record.objects.published().of_type(type_).annotate(folded=Lower("slug"))
        return {wanted[r.folded]: r.slug for r in records.filter(folded__in=wanted).only("slug")}

    return known


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
    in_force_on = DayFilter(method="being_on")

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
                found[name[:60]] = _("There is no filter with this name.")
            elif len(self.data.getlist(name)) > 1 and not isinstance(self.filters.get(name), ValuesFilter):
                found[name] = _("Give this only once; the last value was taken.")
        found |= {name: " ".join(map(str, errors)) for name, errors in self.form.errors.items()}
        return found | self._paging_faults() | self._contradictions()

    def _paging_faults(self) -> dict[str, str]:
        found = {}
        ordering = self.data.get("ordering")
        if ordering and ordering not in ORDERINGS:
            found["ordering"] = _("“%(v)s” is not one of: %(c)s.") % {"v": ordering[:60], "c": ", ".join(ORDERINGS)}
        if self.data.get("page") and whole_number(self.data["page"]) is None:
            found["page"] = _("This is a whole number from 1 on.")
        size = whole_number(self.data.get("page_size") or "1")
        if size is None or size > LARGEST_PAGE:
            found["page_size"] = _("A page has 1 to %d entries.") % LARGEST_PAGE
        return found

    def _contradictions(self) -> dict[str, str]:
        first, last = (self.form.cleaned_data.get(name) for name in ("year_min", "year_max"))
        if first is not None and last is not None and first > last:
            return {"year_min": _("The first year is after the last one.")}
        return {}

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

    def sorted(self, default: str = "title"):
        """`narrowed()` in the order asked for, or in the `default` one; the id comes last, so pages do not overlap."""
        ordering = self.data.get("ordering")
        ordering = ordering if ordering in ORDERINGS else default
        return in_order_of_code(self.narrowed()) if ordering == "code" else self.narrowed().in_order(ordering)

    def page_size(self, default: int = PAGE_SIZE) -> int:
        size = whole_number(self.data.get("page_size") or "")
        return size if size and size <= LARGEST_PAGE else default


def whole_number(text: str) -> int | None:
    """A whole number from 1 on; None for anything else. What is too long to matter counts as a billion."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return (int(text) if len(text) < 10 else 10**9) or None


def how_many_pages(number: int) -> str:
    """What is said to those who ask for a page beyond the last one."""
    return ngettext("This list has %d page.", "This list has %d pages.", number) % number


def in_order_of_code(queryset):
    """Sort by slug as people count: S0, S4, R9, R9b, R42; the sources' own texts (S) come before the pages (R)."""
    letters = Value("abcdefghijklmnopqrstuvwxyz")
    digits = Func(Substr("slug", 2), letters, function="RTRIM", output_field=CharField())
    return queryset.annotate(digits=LPad(digits, 8, Value("0"))).order_by(Substr("slug", 1, 1).desc(), "digits", "slug")
