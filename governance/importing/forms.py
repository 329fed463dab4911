"""The forms of the import pages."""

from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.importing.fields import STATUS, TABLE_TYPES, fields_of, label
from governance.importing.mapping import Mapping
from governance.importing.readers import DOCUMENTS, TABLES
from governance.importing.sheets import MAX_BYTES
from governance.models.vocabulary import Type

_TABLE_LABELS = {
    "participation": gettext_lazy("Participation: a row for each party"),
    "names": gettext_lazy("Names: a row for each name"),
    "status-table": gettext_lazy("Status table of a treaty"),
}


def table_choices() -> list[tuple[str, str]]:
    """The kinds of tables for people."""
    return [(type_, str(_TABLE_LABELS.get(type_) or Type(type_).label)) for type_ in TABLE_TYPES]


class UploadForm(forms.Form):
    """A file to look at."""

    file = forms.FileField(label=gettext_lazy("File"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if Path(file.name).suffix.casefold() not in (*TABLES, *DOCUMENTS):
            raise forms.ValidationError(_("Choose a file that ends in: %s.") % ", ".join((*TABLES, *DOCUMENTS)))
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %d MB. Split it into several.") % (MAX_BYTES // 1024 // 1024)
            )
        return file


class MappingForm(forms.Form):
    """Which column is which field; one field of the form for each column of the table."""

    table_type = forms.ChoiceField(label=gettext_lazy("Kind of table"), choices=table_choices)
    record = forms.CharField(label=gettext_lazy("Record that all rows belong to"), required=False, max_length=400)
    level = forms.CharField(label=gettext_lazy("Level of every row that names none"), required=False, max_length=120)

    def __init__(self, *args, mapping: Mapping, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.mapping = mapping
        self.fields["record"].help_text = _("For a status table the treaty, for example: instrument/icrmw")
        if mapping.table_type == STATUS:
            return
        choices = [("", _("– not read –")), *((key, label(key)) for key in fields_of(mapping.table_type))]
        for index, heading in enumerate(mapping.headings):
            if heading:
                chosen = mapping.columns.get(index, "")
                extra = [(chosen, label(chosen))] if chosen and chosen not in dict(choices) else []
                self.fields[f"column_{index}"] = forms.ChoiceField(
                    label=heading, choices=[*choices, *extra], initial=chosen, required=False
                )

    @property
    def columns(self) -> list:
        """The fields of the columns, for the page."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    def chosen(self) -> dict[str, str]:
        """Heading → field key, as people chose it."""
        return {
            self.mapping.headings[int(name.removeprefix("column_"))]: value
            for name, value in self.cleaned_data.items() if name.startswith("column_")
        }  # fmt: skip

    def clean(self) -> dict:
        """Two columns cannot be one field."""
        seen: dict[str, str] = {}
        for name, value in list(self.cleaned_data.items()):
            if name.startswith("column_") and value and value in seen:
                self.add_error(name, _("This is chosen for “%s” already.") % self.fields[seen[value]].label)
            elif name.startswith("column_") and value:
                seen[value] = name
        return self.cleaned_data
