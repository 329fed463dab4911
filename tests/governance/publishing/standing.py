"""Records in each standing, made as curators and reviewers make them."""

from governance import publishing
from governance.curation.heads import head
from governance.models import Record, Revision
from tests.governance.curating import agreement, publish


def draft(people) -> Record:
    return publishing.create_draft(agreement(), people["amal"]).record


def published_one(people) -> Revision:
    return publish(agreement(), people["amal"], people["rosa"])


def in_review(people) -> Revision:
    return publishing.submit(publishing.create_draft(agreement(), people["amal"]).record, people["amal"])


def withdrawn(people) -> Record:
    record = publish(agreement(), people["amal"], people["rosa"]).record
    publishing.withdraw(record, people["rosa"], "A duplicate.")
    record.refresh_from_db()
    return record


def propose(record: Record, user, **fields) -> Revision:
    return publishing.save_draft({**head(record).document, **fields}, user)
