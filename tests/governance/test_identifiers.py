import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import identifiers
from governance.models.vocabulary import Scheme

SPELLED = {
    Scheme.UN_SYMBOL: ["A/RES/73/195", "A/RES/2200A(XXI)", "A/CONF.231/3", "E/CN.4/1998/53/Add.2", "S/RES/1325(2000)"],
    Scheme.UNTS: ["189 UNTS 137", "2220 UNTS 3"],
    Scheme.UNTS_REGISTRATION: ["2545", "I-2545", "39574"],
    Scheme.MTDSG: ["V-2", "XVIII-12-a", "IV-13"],
    Scheme.CELEX: ["32013R0604", "42000A0922(02)", "02013R0604-20130629", "12012E078", "12016E/TXT", "52020DC0609"],
    Scheme.ELI: ["http://data.europa.eu/eli/reg/2013/604/oj"],
    Scheme.ILO: ["C097", "P029", "R086"],
    Scheme.OJ: ["OJ L 180, 29.6.2013, pp. 31–59", "OJ C 326, 26.10.2012", "OJ L, 2024/1351, 22.5.2024"],
    Scheme.ISO_ALPHA2: ["MA"],
    Scheme.ISO_ALPHA3: ["MAR"],
    Scheme.M49: ["504", "004"],
    Scheme.URL: ["https://www.iom.int/", "http://example.org/a?b=c#d"],
    Scheme.OTHER: ["anything at all"],
}
MISSPELLED = {
    Scheme.UN_SYMBOL: ["A-RES-73-195", "73/195", "A", "A/", "a/res/73/195", "A/RES/73/195\n"],
    Scheme.UNTS: ["UNTS 189", "189 U.N.T.S. 137", "١٨٩ UNTS 137"],
    Scheme.UNTS_REGISTRATION: ["I 2545", ""],
    Scheme.MTDSG: ["5-2", "V.2"],
    Scheme.CELEX: ["604/2013", "32013R604/", "celex:32013R0604"],
    Scheme.ELI: ["https://example.org/eli/reg/2013/604/oj", "reg/2013/604"],
    Scheme.ILO: ["C97", "c097", "No. 97"],
    Scheme.OJ: ["L 180", "OJ L 180"],
    Scheme.ISO_ALPHA2: ["ma", "MAR", "М\u0410"],
    Scheme.ISO_ALPHA3: ["MA"],
    Scheme.M49: ["4", "٥٠٤"],
    Scheme.URL: ["www.iom.int", "javascript:alert(1)", "https://", "https://a b"],
}


@pytest.mark.parametrize(
    ("scheme", "value"), [(scheme, value) for scheme, values in SPELLED.items() for value in values]
)
def test_what_is_spelled_right_has_no_fault(scheme, value):
    assert identifiers.fault(scheme, value) is None


@pytest.mark.parametrize(
    ("scheme", "value"), [(scheme, value) for scheme, values in MISSPELLED.items() for value in values]
)
def test_what_is_misspelled_is_answered_with_an_example_that_is_right(scheme, value):
    example = identifiers.fault(scheme, value)
    assert example is not None
    assert identifiers.fault(scheme, example) is None


def test_every_scheme_has_a_spelling_but_the_one_for_all_others():
    assert set(SPELLED) == set(Scheme)
    assert {scheme for scheme in Scheme if identifiers.fault(scheme, " ") is None} == {Scheme.OTHER}


@pytest.mark.parametrize(
    ("scheme", "value", "address"),
    [
        (Scheme.UN_SYMBOL, "A/RES/73/195", "https://undocs.org/A/RES/73/195"),
        (Scheme.UN_SYMBOL, "A/RES/2200A(XXI)", "https://undocs.org/A/RES/2200A(XXI)"),
        (Scheme.CELEX, "32013R0604", "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32013R0604"),
        (Scheme.ELI, "http://data.europa.eu/eli/reg/2013/604/oj", "http://data.europa.eu/eli/reg/2013/604/oj"),
        (Scheme.URL, "https://www.iom.int/", "https://www.iom.int/"),
        (Scheme.UNTS, "189 UNTS 137", None),
        (Scheme.OTHER, "https://www.iom.int/", None),
    ],
)
def test_an_identifier_leads_to_its_stable_address_where_there_is_one(scheme, value, address):
    assert identifiers.address(scheme, value) == address


@given(st.sampled_from(Scheme.values), st.text(max_size=40) | st.sampled_from(["javascript:alert(1)", 'https://a"b']))
def test_no_identifier_leads_anywhere_but_to_the_web(scheme, value):
    address = identifiers.address(scheme, value)
    assert address is None or address.startswith(("https://", "http://"))
