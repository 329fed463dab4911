"""A name that fits where there is little room: the head of a column, a label in a picture."""

from governance.locales import local_name
from governance.models import Record
from governance.models.vocabulary import NameKind

SHORT_NAMES = (NameKind.SHORT, NameKind.ABBREVIATION)
NARROW = 24


def short_name(record: Record) -> str:
    """The title, else a name that is short enough, else the title up to a bracket; in the reader's language if known.

    `record.names` are fetched along.
    """
    title, language = local_name(record)
    names = [n.text for n in record.names.all() if n.language == language and n.kind in SHORT_NAMES]
    plain = title.split(" (")[0]
    return next((text for text in (title, plain, *names) if len(text) <= NARROW), plain)
