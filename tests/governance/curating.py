"""What tests of curation share: people with their roles, documents fit to publish, forms as browsers send them."""

from bs4 import BeautifulSoup, Tag
from django.contrib.auth import get_user_model
from django.urls import reverse
from lxml.html import document_fromstring

from governance import publishing
from governance.curation.roles import assign
from governance.models import Record, Revision
from tests.factories import make_country, make_document, make_level, make_source

PASSWORD = "correct horse battery"


def make_user(name: str, role: str = ""):
    """Somebody who can sign in to the admin; without a role, one who may do nothing there."""
    user = get_user_model().objects.create_user(name, f"{name}@example.org", PASSWORD, is_staff=True)
    if role:
        assign(user, role)
    return get_user_model().objects.get(pk=user.pk)  # permissions are cached on the instance


def make_world() -> None:
    """The records to which the documents below refer."""
    make_source("S9", title="A source")
    make_level("bilateral")
    for code in ("MA", "TN", "ES"):
        make_country(code, title={"MA": "Morocco", "TN": "Tunisia", "ES": "Spain"}[code])


def agreement(slug: str = "labour-agreement", **fields) -> dict:
    """A bilateral agreement that may be published."""
    document = make_document(
        "instrument", slug, kind="bilateral-agreement", level={"value": "bilateral", "cite": ["S9.1"]},
        dates=[{"event": "signed", "value": "2023-05-01", "cite": ["S9.2 'signed on the first of May'"]}],
        participation=[
            {"party": "country/MA", "act": "party", "cite": ["S9.2"]}, {"party": "country/TN", "act": "party"},
        ],
    )  # fmt: skip
    return document | fields


def publish(document: dict, author, reviewer) -> Revision:
    """Take a new record all the way to its readers."""
    record = publishing.create_draft(document, author).record
    return publishing.approve(publishing.submit(record, author), reviewer)


def form_data(response, form_id: str = "editor") -> dict:
    """What a browser without JavaScript would send of a form, without a button."""
    (form,) = document_fromstring(response.content.decode()).xpath("//form[@id=$id]", id=form_id)
    data = {}
    for field in form.xpath(".//*[self::input or self::select or self::textarea][@name][not(ancestor::template)]"):
        if field.tag == "select":
            options = field.xpath(".//option[@selected]") or field.xpath(".//option")
            data[field.get("name")] = options[0].get("value") if options else ""
        elif field.tag == "textarea":
            # HTML drops one line end after the tag, and browsers send line ends as CR LF
            data[field.get("name")] = field.text_content().removeprefix("\n").replace("\n", "\r\n")
        elif field.get("type") not in ("submit", "button", "checkbox", "radio") or field.get("checked") is not None:
            data[field.get("name")] = field.get("value", "")
    return data


def fill(data: dict, key: str, number: int, **fields) -> None:
    """Fill in one row of a list; `from_` is the field `from`."""
    data |= {f"{key}-{number}-{name.rstrip('_')}": value for name, value in fields.items()}


def error_near(response, name: str) -> str:
    """The message shown at the field of this name."""
    field = BeautifulSoup(response.content, "lxml").find(attrs={"name": name})
    assert isinstance(field, Tag), f"There is no field {name}."
    cell = field.find_parent(class_=["cell", "value"])
    return " ".join(item.text for item in cell.find_all(class_="errorlist")) if cell else ""


def address(record: Record, page: str = "change") -> str:
    """The address of a page of the editor."""
    app = {"instrument": "instruments", "actor": "actors"}.get(record.type, "governance")
    return reverse(f"admin:{app}_{record.type}_{page}", args=(record.pk,))
