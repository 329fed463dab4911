"""Form fields for what documents are made of: references, citations, dates, text as it was typed."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from governance import edtf
from governance.curation import references
from governance.knowledge import cite
from governance.knowledge.cite import BadCitation
from governance.models import Citation, Record
from governance.models.vocabulary import Type

CITE_HELP = _("One a line: S4.12, or S4.12 'short phrase', or R42 [art. XI]; ! in front where it contradicts.")


class Select(forms.Select):
    """Django's, but written in one go: a treaty with two hundred parties has five thousand options to choose from."""

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        chosen, given = str(value or ""), self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        marks = {True: mark_safe(" selected"), False: ""}
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, marks[str(key) == chosen], label) for key, label in self.choices),
        )
        return format_html("<select{}>{}</select>", flatatt(given), options)


class ChoiceField(forms.ChoiceField):
    widget = Select


class TextField(forms.CharField):
    """Text of several lines, kept as typed but for the line ends, which browsers send as CR LF."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")
        return text if text.strip() else ""


class EdtfField(forms.CharField):
    """A date of any precision, as EDTF text."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"size": 12, "placeholder": "2018-12-10"})
        super().__init__(widget=widget, max_length=edtf.LONGEST, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text:
            try:
                edtf.span(text)
            except edtf.NotADate as error:
                raise ValidationError(str(error)) from error
        return text


class CiteField(forms.CharField):
    """Citations as people write them, one a line; cleaned to a list. Each must name a source that is there."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 1, "cols": 26, "class": "cite", "spellcheck": "false"})
        super().__init__(**{"label": _("Sources"), "required": False, "widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _lines(self.prepare_value(initial)) != _lines(data)

    def clean(self, value: Any) -> list[str]:
        lines = _lines(super().clean(value))
        problems = [problem for line in lines for problem in _problems(line)]
        if problems:
            raise ValidationError(problems)
        return lines


def _lines(value: Any) -> list[str]:
    return [line.strip() for line in str(value or "").splitlines() if line.strip()]


def _problems(line: str) -> list[str]:
    try:
        items = cite.parse(line)
    except BadCitation as error:
        return [str(error)]
    problems = []
    if not Record.objects.filter(type=Type.SOURCE, slug=items[0]["source"]).exists():
        problems.append(_("There is no source “%s”.") % items[0]["source"])
    for name in ("quote", "locator"):
        most = getattr(Citation._meta.get_field(name), "max_length", None) or 0
        if len(items[0][name]) > most:
            problems.append(
                _("“%(text)s…” is longer than %(n)d characters.") % {"text": items[0][name][:40], "n": most}
            )
    if any(item["paragraph"] is not None and not 1 <= item["paragraph"] <= 1_000_000 for item in items):
        problems.append(_("A paragraph number is counted from 1."))
    return problems


class ReferenceWidget(forms.TextInput):
    """A text input that proposes records as one types; without JavaScript what is typed is looked up on saving."""

    def __init__(self, types: tuple[str, ...], bare: bool) -> None:
        super().__init__(attrs={"size": 28, "class": "reference", "autocomplete": "off", "spellcheck": "false"})
        self.types, self.bare = types, bare
        self.titles: dict[str, str] = {}

    def __deepcopy__(self, memo: dict) -> "ReferenceWidget":
        copy = super().__deepcopy__(memo)
        copy.titles = self.titles
        return copy

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        full = f"{self.types[0]}/{value}" if self.bare else str(value or "")
        context["widget"]["attrs"] |= {"data-types": ",".join(self.types)} | (
            {"data-bare": "true"} if self.bare else {}
        )
        context["widget"]["title"] = self.titles.get(full, "")
        return context

    def _render(self, template_name: str, context: dict, renderer: Any = None) -> SafeString:
        written = super()._render(template_name, context, renderer)  # type: ignore[misc]
        title = context["widget"]["title"]
        box = '<span class="reference-box">{}<span class="reference-title" dir="auto">{}</span></span>'
        return format_html(box, written, title)


class ReferenceField(forms.CharField):
    """A record, by reference, address or name; cleaned to `type/slug`, or to the slug alone where `bare`."""

    def __init__(self, *types: str, bare: bool = False, **kwargs: Any) -> None:
        self.types, self.bare = tuple(map(str, types)), bare
        super().__init__(**{"widget": ReferenceWidget(self.types, bare), "max_length": 400, **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            found = references.resolve(text, self.types)
        except references.Unknown as error:
            raise ValidationError(str(error)) from error
        return found.slug if self.bare else found.reference


class ListField(forms.CharField):
    """A list of words between commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(self.say, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list:
        parts = [part.strip() for part in re.split(r"[,\s]+", super().clean(value)) if part.strip()]
        try:
            return [self.read(part) for part in parts]
        except ValueError as error:
            raise ValidationError(_("Write whole numbers, with commas between.")) from error

    def say(self, item: Any) -> str:
        return str(item)

    def read(self, part: str) -> Any:
        return part


class NumbersField(ListField):
    """Paragraph numbers: `3, 4, 17`."""

    def read(self, part: str) -> Any:
        if not 1 <= int(part) <= 1_000_000:
            raise ValueError(part)
        return int(part)


class JoinedField(NumbersField):
    """Paragraphs that belong together: `13+14, 20+21+22`."""

    def say(self, item: Any) -> str:
        return "+".join(map(str, item))

    def read(self, part: str) -> Any:
        return [NumbersField.read(self, number) for number in part.split("+")]
