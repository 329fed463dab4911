"""“Cite this”: a record or a provision as one line of text, with the day of the state that is cited."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from governance import edtf
from governance.exports.reference import SITE, absolute, cited_title, day, leading_date, number
from governance.locales import permanent
from governance.models import Record


def sentence(record: Record, provision=None) -> str:
    """Return e.g. `Convention relating to the Status of Refugees, Article 33 (28 July 1951, 189 UNTS 137). Global
    Migration Governance, state of 3 May 2026. https://…`; the address lasts. All of it is in English, as titles and
    provisions are here: half of a line in another language, or from right to left, could be cited nowhere.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return _sentence(record, provision)


def _sentence(record: Record, provision) -> str:
    known = {
        "type": record.type,
        "title": record.title,
        "dates": [{"event": row.event, "value": row.value} for row in record.dates.all()],
        "names": [{"kind": row.kind, "language": row.language, "text": row.text} for row in record.names.all()],
        "identifiers": [{"scheme": row.scheme, "value": row.value} for row in record.identifiers.all()],
    }
    details = ", ".join(filter(None, (edtf.wording(leading_date(known)), number(known))))
    title = cited_title(known) + (f", {provision.label}" if provision else "")
    said = f"{title} ({details})" if details else title
    state = _("state of %(day)s") % {"day": day(record.updated)}
    return f"{said}. {SITE}, {state}. {absolute(permanent(provision or record))}"
