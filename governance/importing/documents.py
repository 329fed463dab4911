"""Documents of a YAML or JSON-lines file as entries of an import."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from governance.importing.cells import text
from governance.importing.rows import Entry
from governance.models.vocabulary import Type


def entries_of_documents(documents: Iterable) -> list[Entry]:
    """Entries for the documents of a YAML or JSON-lines file (`governance.knowledge.files.Entry`)."""
    entries = []
    for number, found in enumerate(documents, 1):
        document = found.document
        if not isinstance(document, dict):
            entries.append(Entry(number, "", faults=[_("A document is a mapping; start it with “- type: …”.")]))
            continue
        type_, slug = text(document.get("type")), text(document.get("slug"))
        title = document.get("title")
        title = title.get("value") if isinstance(title, dict) else title
        entry = Entry(number, type_, slug, str(title or slug), document=document)
        if type_ not in Type.values:
            entry.faults.append(_("The type must be one of: %s.") % ", ".join(Type.values))
        elif not slug:
            entry.faults.append(_("The document has no slug, the last part of its address."))
        entries.append(entry)
    return entries
