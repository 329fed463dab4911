"""The editor of one document: a form for the fields, and a list of row forms for each of its lists.

It is a form over the document, not over rows: what it shows is the document as people write it, what it gives back is a
document, and what `check` or the rules of publishing say about that is shown at the field it points to.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.curation import references, rows
from governance.curation.scalars import WITHOUT_EVIDENCE, ScalarForm, fields_of
from governance.knowledge import Problem, compact, own
from governance.knowledge.form import LISTS, REFERENCE_KEY
from governance.models.vocabulary import Basis, Type

EMPTY_ROWS = 2  # of each list, for browsers without JavaScript; with it, rows are added on the page
MOST_ROWS = 2000


def place(pointer: str) -> str:
    """Where the editor shows a value: `id_level`, `dates-0-head`."""
    key, *rest = pointer.split("/")[1:] or [""]
    if not key:
        return ""
    return "-".join([key, *rest, "head"]) if rest else f"id_{key}"


class OrderInput(forms.NumberInput):
    def __init__(self) -> None:
        super().__init__(attrs={"class": "order", "min": 0})


class Rows(BaseFormSet):
    """The rows of one list; row forms know their number, as pointers name it."""

    label: Any = ""
    add_label: Any = gettext_lazy("Add a principle")
    help: Any = ""
    ordering_widget = OrderInput

    @property
    def key(self) -> str:
        """Where the list stands in the document: `dates`, `provisions/3/principles`."""
        return str(self.prefix).replace("-", "/")

    @property
    def problems(self) -> bool:
        return bool(self.is_bound and (self.non_form_errors() or any(form.errors for form in self.forms)))


def _rows(form: type[rows.RowForm], extra: int = EMPTY_ROWS) -> type[Rows]:
    made: Any = formset_factory(
        form, formset=Rows, extra=extra, can_delete=True, can_order=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    return made


CarriedRows = _rows(rows.CarriedRow, 1)


class ProvisionRow(rows.ProvisionRow):
    """A provision with rows of its own: the principles it carries."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = kwargs.get("initial") or {}
        super().__init__(*args, **kwargs)
        self.nested = CarriedRows(
            self.data if self.is_bound else None, prefix=f"{self.prefix}-principles",
            initial=initial.get("principles") or [], form_kwargs={"titles": kwargs.get("titles")},
        )  # fmt: skip

    def has_changed(self) -> bool:
        return super().has_changed() or (self.is_bound and any(form.has_changed() for form in self.nested.forms))

    def is_valid(self) -> bool:
        return super().is_valid() and (not self.has_changed() or self.nested.is_valid())

    def to_row(self) -> dict:
        carried = [form.to_row() for form in self.nested.ordered_forms if form.cleaned_data]
        return super().to_row() | ({"principles": carried} if carried else {})


# Each list: its heading, the button that adds a row, and the row forms.
SECTIONS: dict[str, tuple[Any, Any, type[Rows]]] = {
    "names": (gettext_lazy("Names"), gettext_lazy("Add a name"), _rows(rows.NameRow)),
    "identifiers": (gettext_lazy("Identifiers"), gettext_lazy("Add an identifier"), _rows(rows.IdentifierRow, 1)),
    "dates": (gettext_lazy("Dates"), gettext_lazy("Add a date"), _rows(rows.DateRow)),
    "participation": (gettext_lazy("Who takes part"), gettext_lazy("Add who takes part"), _rows(rows.ParticipationRow)),
    "provisions": (gettext_lazy("Provisions"), gettext_lazy("Add a provision"), _rows(ProvisionRow)),
    "principles": (gettext_lazy("Principles"), gettext_lazy("Add a principle"), _rows(rows.PrincipleRow)),
    "topics": (gettext_lazy("Topics"), gettext_lazy("Add a topic"), _rows(rows.TopicRow)),
    "relations": (gettext_lazy("Relations to other records"), gettext_lazy("Add a relation"), _rows(rows.RelationRow)),
    "caveats": (gettext_lazy("What readers must know"), gettext_lazy("Add a caveat"), _rows(rows.CaveatRow, 1)),
}  # fmt: skip
# Where a problem of a whole row is shown.
ANCHORS = {**REFERENCE_KEY, "provisions": "slug", "principles": "slug", "topics": "slug"}
HELP = {
    "participation": gettext_lazy("Parties, members, hosts, signatories. A bilateral agreement has two sides."),
    "relations": gettext_lazy("Written once, on the record that is the subject; the other side shows the inverse."),
    "principles": gettext_lazy("What a provision carries is added by itself."),
    "names": gettext_lazy("“In plain words” are what people search with; they are never shown as what a source says."),
}


class Editor:
    """A document on its way through a browser: shown, sent, checked and read back.

    `document` is where the editing starts (None for a new record), `data` what was sent, `fixed_slug` the address of a
    record that has one.
    """

    def __init__(self, type_: str, document: dict | None = None, data: Any = None, *, fixed_slug: str = "") -> None:
        self.type, self.fixed_slug = type_, fixed_slug
        self.start: dict[str, Any] = compact(document) if document else {"type": type_}
        titles = references.titles(_references(self.start))
        self.fields = ScalarForm(
            type_, data, initial=ScalarForm.initial_of(type_, self.start), titles=titles, fixed_slug=bool(fixed_slug)
        )
        self.sections: dict[str, Any] = {}
        for key, (label, add, factory) in SECTIONS.items():
            if key == "provisions" and type_ != Type.INSTRUMENT:
                continue
            formset = factory(data, prefix=key, initial=self.start.get(key) or [], form_kwargs={"titles": titles})
            formset.label, formset.add_label, formset.help = label, add, HELP.get(key, "")
            self.sections[key] = formset
        self._built: dict[str, list] = {}

    def is_valid(self) -> bool:
        """Is every field as it must be for a document to be made of them?"""
        valid = [self.fields.is_valid(), *(formset.is_valid() for formset in self.sections.values())]
        if not all(valid):
            return False
        self._build()
        return not self._misplaced("caveats")

    def document(self) -> dict:
        """The document in the full form; after `is_valid`."""
        return own(self.written())

    def written(self) -> dict:
        """The document as people write it; after `is_valid`. What the form does not show stays as it was."""
        shown = {*fields_of(self.type), *LISTS}
        document = {key: value for key, value in self.start.items() if key not in shown}
        document["type"] = str(self.type)
        for name, value in self.fields.to_document().items():
            before: Any = self.start.get(name)
            kept = name in WITHOUT_EVIDENCE and isinstance(before, dict)
            document[name] = {**before, "value": value} if kept else value
        document["slug"] = self.fixed_slug or document.get("slug") or self._made_slug(document)
        for key, forms_ in self._built.items():
            found = [form.to_row() for form in forms_]
            if key == "caveats":
                found = [{**row, "field": self._placed(row.get("field", ""))} for row in found]
            if found:
                document[key] = found
        return document

    @staticmethod
    def _made_slug(document: dict) -> str:
        title = document["title"]["value"] if isinstance(document["title"], dict) else document["title"]
        return document.get("iso2") or slugify(title)[:120].strip("-")

    def _build(self) -> None:
        """Put the rows into their order and leave out what was removed."""
        for key, formset in self.sections.items():
            self._built[key] = [form for form in formset.ordered_forms if form.cleaned_data]
        carried = {
            row["slug"] for form in self._built.get("provisions", []) for row in form.to_row().get("principles", [])
        }
        self._built["principles"] = [
            form
            for form in self._built["principles"]
            if not _was_lifted(form.to_row()) or form.to_row()["slug"] in carried
        ]

    def _misplaced(self, key: str) -> bool:
        wrong = [form for form in self._built[key] if self._placed(form.cleaned_data.get("field", "")) is None]
        for form in wrong:
            form.add_error("field", _("The row it is about is removed; let it point elsewhere, or empty it."))
        return bool(wrong)

    def _placed(self, pointer: str) -> str | None:
        """Turn a pointer to rows as the page numbers them into one to rows of the document; None for a removed row."""
        parts = pointer.split("/")
        if len(parts) < 3 or parts[1] not in self._built or not parts[2].isdecimal():
            return pointer
        formset, built = self.sections[parts[1]], self._built[parts[1]]
        number = _place_of(parts[2], formset, built)
        if number is None:
            return None
        parts[2] = str(number)
        if len(parts) > 4 and parts[3] == "principles" and parts[4].isdecimal():
            nested = built[number].nested
            inner = _place_of(parts[4], nested, nested.ordered_forms)
            if inner is None:
                return None
            parts[4] = str(inner)
        return "/".join(parts)

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem at the field it points to, or as near as can be."""
        for problem in problems:
            parts = problem.place.split("/")[1:]
            if parts[:1] == ["bases"]:
                parts = [*parts[1:], "basis"]
            if parts and parts[0] in self.sections:
                self._show_in_rows(self.sections[parts[0]], parts, problem.message)
            else:
                name = "_".join(parts)
                self.fields.add_error(name if name in self.fields.fields else None, problem.message)

    def _show_in_rows(self, formset: BaseFormSet, parts: list[str], message: str) -> None:
        built = self._built.get(parts[0], [])
        if len(parts) < 2 or not parts[1].isdecimal() or int(parts[1]) >= len(built):
            formset.non_form_errors().append(message)
            return
        form, rest = built[int(parts[1])], parts[2:]
        if rest[:1] == ["principles"] and len(rest) > 1 and int(rest[1]) < len(form.nested.ordered_forms):
            form, rest = form.nested.ordered_forms[int(rest[1])], rest[2:]
        name = rest[0] if rest else ANCHORS.get(parts[0], "")
        if name in ("type", "slug") and parts[0] in REFERENCE_KEY:
            name = REFERENCE_KEY[parts[0]]
        name = "cite" if name == "citations" else name
        form.add_error(name if name in form.fields else None, message)

    @property
    def errors(self) -> int:
        """How many fields and rows need care."""
        count = len(self.fields.errors)
        for formset in self.sections.values():
            count += len(formset.non_form_errors()) + sum(len(form.errors) for form in _live(formset))
            count += sum(len(inner.errors) for form in _live(formset) for inner in getattr(form, "nested", ()))
        return count


def _place_of(number: str, formset: BaseFormSet, built: list) -> int | None:
    """Where the row that the page gives this number stands in the document."""
    form = formset.forms[int(number)] if int(number) < len(formset.forms) else None
    return built.index(form) if form in built else None


def _live(formset: Any) -> list:
    return [form for form in formset.forms if not formset._should_delete_form(form)] if formset.is_bound else []


def _was_lifted(row: dict) -> bool:
    """A principle that stands in the list only because a provision carries it."""
    return row.get("basis") == Basis.COMPUTED and not row.get("cite")


def _references(start: dict) -> set[str]:
    """Every record that a document names, as `type/slug`."""
    found = {row.get("party") or row.get("to") or "" for key in REFERENCE_KEY for row in start.get(key) or []}
    carried = [row for provision in start.get("provisions") or [] for row in provision.get("principles") or []]
    found |= {f"principle/{row['slug']}" for row in [*(start.get("principles") or []), *carried]}
    found |= {f"topic/{row['slug']}" for row in start.get("topics") or []}
    parent = start.get("parent")
    parent = parent.get("value") if isinstance(parent, dict) else parent
    return {*found, f"{start['type']}/{parent}"} if parent else found
