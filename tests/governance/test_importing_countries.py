"""Countries by the names people write, and a refusal where a name is none or two."""

import pytest

from governance.importing.countries import Countries, NotFound
from governance.importing.directory import Directory
from governance.models import Name
from tests.factories import make_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("knowledge")]


@pytest.mark.parametrize(
    ("written", "iso2"),
    [
        ("Turkey", "TR"), ("Türkiye¹⁴", "TR"), ("Viet Nam", "VN"), ("Vietnam", "VN"), ("Ivory Coast", "CI"),
        ("CÔTE D’IVOIRE", "CI"), ("Swaziland", "SZ"), ("Czech Republic", "CZ"), ("Korea, Republic of", "KR"),
        ("Korea, Rep.", "KR"), ("Korea, Dem. People's Rep.", "KP"), ("Congo", "CG"), ("Congo, Rep.", "CG"),
        ("Congo (Democratic Republic of the)", "CD"), ("Congo, Dem. Rep.", "CD"), ("Iran (Islamic Republic of)", "IR"),
        ("Netherlands (Kingdom of the) 5", "NL"), ("Germany3, 4", "DE"),
        ("Algeria 2", "DZ"), ("Germany [3, 4]", "DE"), ("Jordan*", "JO"),
        ("The Gambia", "GM"), ("Gambia, The", "GM"), ("St. Lucia", "LC"), ("Bosnia & Herzegovina", "BA"),
        ("U.S.A.", "US"), ("United Republic of Tanzania", "TZ"), ("Burma", "MM"), ("Zaire", "CD"), ("MA", "MA"),
        ("MAR", "MA"), ("504", "MA"), ("country/MA", "MA"), ("Guinea", "GN"), ("Guinea-Bissau", "GW"),
        ("Dominican Rep.", "DO"), ("Dominica", "DM"),
    ],
)  # fmt: skip
def test_names_as_people_write_them(written: str, iso2: str) -> None:
    assert Countries().find(written).slug == iso2


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("Ethopia", "Ethiopia"), ("Phillipines", "Philippines"), ("Czechoslovakia", "Czechia, Slovakia"),
        ("Soviet Union", "Russian Federation"), ("Yugoslavia", "Serbia"),
    ],
)  # fmt: skip
def test_what_only_comes_near_is_proposed_and_not_taken(written: str, proposed: str) -> None:
    with pytest.raises(NotFound, match=proposed):
        Countries().find(written)


@pytest.mark.parametrize("written", ["Atlantis", "no", "China (with respect to Hong Kong)", "Rhodesia", "–", "1. Note"])
def test_what_is_no_country_is_refused(written: str) -> None:
    with pytest.raises(NotFound, match="not the name of a known country"):
        Countries().find(written)


def test_a_name_that_two_countries_bear_is_refused_with_both() -> None:
    for code in ("KR", "KP"):
        record = Countries().find(code)
        Name.objects.create(record_id=record.pk, text="Chosun", kind="historic")
    with pytest.raises(NotFound, match=r"KP.*KR|KR.*KP"):
        Countries().find("Chosun")


def test_an_actor_whose_name_ends_in_a_number_keeps_it() -> None:
    make_actor("g20", title="G20")
    assert Directory().party("G20").reference == "actor/g20"


def test_several_parties_in_one_cell() -> None:
    found = Directory().parties
    assert [party.slug for party in found("Spain and Morocco")] == ["ES", "MA"]
    assert [party.slug for party in found("Korea, Republic of; Viet Nam")] == ["KR", "VN"]
    assert [party.slug for party in found("Trinidad and Tobago")] == ["TT"]
    with pytest.raises(NotFound):
        found("Spain, Atlantis")
