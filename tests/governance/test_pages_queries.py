"""Every page asks the database a constant and small number of times, however much there is to show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from governance.knowledge import apply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_world")]
MOST = 40
PATHS = [
    "/", "/instruments/", "/instruments/?level=global&country=MA", "/actors/", "/principles/", "/levels/", "/topics/",
    "/events/", "/practices/", "/countries/", "/sources/", "/instruments/a-treaty/", "/actors/a-process/",
    "/principles/solidarity/", "/levels/global/", "/topics/asylum/", "/events/a-meeting/", "/practices/a-practice/",
    "/countries/MA/", "/sources/S4/", "/disputed/", "/participation/", "/pictures/",
    "/compare/?a=instrument/a-treaty&b=instrument/treaty-1", "/fr/instruments/", "/ar/countries/MA/",
]  # fmt: skip


def make_more(first: int, last: int) -> None:
    """More of everything, all of it hanging on the records of the small world."""
    what = {"value": "What it is.", "cite": ["S4.2", "S4.3"]}
    linked = {"principles": [{"slug": "solidarity"}], "topics": [{"slug": "asylum"}], "summary": what}
    caveats = [{"kind": "contradiction", "text": "Told differently elsewhere."}]
    parties = [{"party": f"country/{code}", "act": "party", "from": "1956-11-07"} for code in ("MA", "NE")]
    members = [{"party": f"country/{code}", "act": "member", "from": "2006"} for code in ("MA", "NE")]
    for n in range(first, last):
        dates = [{"event": "held", "value": f"20{n:02}-07-10"}]
        names = [{"text": f"Réunion {n}", "kind": "short", "language": "fr"}]
        event = {"type": "event", "slug": f"meeting-{n}", "title": f"Meeting {n}", "kind": "meeting", "names": names}
        treaty = {
            "type": "instrument", "slug": f"treaty-{n}", "title": f"Treaty {n}", "kind": "treaty", "level": "global",
            "binding": "binding", "dates": [{"event": "in-force", "value": f"19{n + 10}"}], "participation": parties,
            "provisions": [{"label": "Article 1", "gist": "One.", "principles": [{"slug": "solidarity"}]}],
            "relations": [{"predicate": "follows-up", "to": f"event/meeting-{n}"},
                          {"predicate": "follows-up", "to": "event/a-meeting"},
                          {"predicate": "follows-up", "to": "instrument/a-treaty"}],
            "caveats": caveats,
        }  # fmt: skip
        actor = {"type": "actor", "slug": f"process-{n}", "title": f"Process {n}", "kind": "network", "level": "global"}
        apply({**event, **linked, "dates": dates}, state="published")
        apply({**treaty, **linked}, state="published")
        apply({**actor, "participation": members, "summary": what, "topics": linked["topics"]}, state="published")
        practice = {"type": "practice", "slug": f"practice-{n}", "title": f"Practice {n}", "kind": "case-study"}
        apply({**practice, **linked}, state="published")


def count(path: str) -> int:
    """Queries of a page that nobody has asked for yet."""
    with CaptureQueriesContext(connection) as queries:
        response = Client().get(path)
    assert response.status_code == 200, path
    return len(queries)


def test_the_number_of_queries_is_small_and_does_not_grow():
    make_more(1, 3)
    for path in PATHS:
        count(path)  # what a process asks once is not counted
    few = {path: count(path) for path in PATHS}
    make_more(3, 9)
    many = {path: count(path) for path in PATHS}
    assert many == few
    assert max(many.values()) <= MOST, many
