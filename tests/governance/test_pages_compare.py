"""Two records side by side, and who takes part in what on a day."""

from datetime import date

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("knowledge")]


class TestCompare:
    """`/compare/`"""

    ADDRESS = "/compare/?a=instrument/protocol-1967&b=instrument/refugee-convention-1951"

    def test_differences_are_marked_and_what_is_the_same_is_said(self, client):
        points = {point.label: point for point in client.get(self.ADDRESS).context["points"]}
        assert points["What it is"].differs
        assert not points["Legal force"].differs
        only = [item.text for item in points["Principles"].b if item.only_here]
        assert "Non-refoulement" not in only
        assert "Shared responsibility and burden-sharing" in only

    def test_turned_around_it_says_the_same(self, client):
        turned = "/compare/?b=instrument/protocol-1967&a=instrument/refugee-convention-1951"
        here, there = (client.get(path).context["points"] for path in (self.ADDRESS, turned))
        assert {(p.label, *map(tuple, (p.a, p.b))) for p in here} == {(p.label, *map(tuple, (p.b, p.a))) for p in there}

    def test_it_takes_addresses_too_and_gives_data(self, client):
        given = client.get("/compare/?a=/actors/unhcr/&b=actors/IOM&format=json").json()
        assert (given["a"], given["b"]) == ("actor/unhcr", "actor/iom")
        assert {"label", "differs", "a", "b"} == set(given["points"][0])

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("a=instrument/nothing&b=actor/iom", "a"),
            ("a=instrument/dublin-iii&b=actor/iom", "b"),
            ("c=1", "c"),
            ("a=x", "a"),
        ],
    )
    def test_what_cannot_be_compared_is_named(self, client, query, name):
        assert name in client.get(f"/compare/?{query}").context["faults"]
        answer = client.get(f"/compare/?{query}&format=json")
        assert answer.status_code == 400
        assert name in answer.json()["error"]["details"]


class TestParticipation:
    """`/participation/`"""

    @staticmethod
    def given(client: Client, query: str) -> dict:
        return client.get(f"/participation/?format=json&{query}").json()

    def test_the_table_has_the_members_that_a_process_has(self, client):
        given = self.given(client, "on=2026-01-01")
        members = {c["iso2"] for c in given["countries"] for p in c["takes_part"] if p["slug"] == "arcp"}
        assert len(members) == 22
        assert next(r["count"] for r in given["records"] if r["slug"] == "arcp") == 22

    def test_before_a_process_began_nobody_takes_part_in_it(self, client):
        assert not [r for r in self.given(client, "on=2005-12-31")["records"] if r["slug"] == "rabat-process"]
        assert [r for r in self.given(client, "on=2007-01-01")["records"] if r["slug"] == "rabat-process"]

    def test_a_known_first_day_is_kept(self, client):
        assert not [r for r in self.given(client, "on=2014-11-27")["records"] if r["slug"] == "khartoum-process"]
        assert [r for r in self.given(client, "on=2014-11-28")["records"] if r["slug"] == "khartoum-process"]

    def test_what_has_no_date_is_told_apart(self, client):
        countries = self.given(client, "on=2026-01-01")["countries"]
        dated = {(c["iso2"], p["slug"]): p["dated"] for c in countries for p in c["takes_part"]}
        assert {value for (_, process), value in dated.items() if process == "rabat-process"} == {False}
        assert (dated["IT", "khartoum-process"], dated["NO", "khartoum-process"]) == (True, False)

    def test_a_region_has_its_own_countries_only(self, client):
        regions = {c["region"] for c in self.given(client, "region=002")["countries"]}
        assert regions <= {"011", "014", "015", "017", "018"}

    def test_without_a_day_it_is_today(self, client):
        from django.utils import timezone

        assert date.fromisoformat(self.given(client, "")["on"]) == timezone.now().date()

    def test_gaps_are_shown_who_is_in_this_and_not_in_that(self, client):
        both = self.given(client, "on=2026-01-01&in=actor/rabat-process")
        gap = self.given(client, "on=2026-01-01&in=actor/rabat-process&not_in=actor/khartoum-process")
        khartoum = {c["iso2"] for c in both["countries"] for p in c["takes_part"] if p["slug"] == "khartoum-process"}
        assert khartoum
        assert {c["iso2"] for c in gap["countries"]} == {c["iso2"] for c in both["countries"]} - khartoum
        assert {p["slug"] for c in gap["countries"] for p in c["takes_part"]} == {r["slug"] for r in gap["records"]}

    @pytest.mark.parametrize(
        "query",
        ["in=actor/nothing", "not_in=x", "on=2026-13-01", "on=yesterday", "region=xx", "colour=red", "on=0000-01-01"],
    )
    def test_what_cannot_be_used_is_named(self, client, query):
        name = query.split("=")[0]
        assert name in client.get(f"/participation/?{query}").context["faults"]
        assert client.get(f"/participation/?{query}&format=json").json()["error"]["details"].keys() == {name}
