import pytest

from search.identifiers import keys, recognise

FILED = [
    ("un-symbol", "A/RES/73/195"),
    ("unts", "189 UNTS 137"),
    ("unts-registration", "I-2545"),
    ("ilo", "C097"),
    ("celex", "32013R0604"),
    ("celex", "32003L0109"),
    ("mtdsg", "V-2"),
    ("un-symbol", "A/CONF.231/3"),
]


def named(text: str) -> set[str]:
    forms = recognise(text)
    return {value for scheme, value in FILED if keys(scheme, value) & forms}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("A/RES/73/195", "A/RES/73/195"),
        ("a/res/73/195", "A/RES/73/195"),
        ("A / RES / 73 / 195", "A/RES/73/195"),
        ("73/195", "A/RES/73/195"),
        ("res 73/195", "A/RES/73/195"),
        ("UNGA Resolution 73/195", "A/RES/73/195"),
        ("189 UNTS 137", "189 UNTS 137"),
        ("189 U.N.T.S. 137", "189 UNTS 137"),
        ("UNTS vol. 189 p. 137", "189 UNTS 137"),
        ("UNTS vol. 189, p. 137", "189 UNTS 137"),
        ("I-2545", "I-2545"),
        ("2545", "I-2545"),
        ("C97", "C097"),
        ("c097", "C097"),
        ("No. 97", "C097"),
        ("ILO Convention No. 97", "C097"),
        ("32013R0604", "32013R0604"),
        ("604/2013", "32013R0604"),
        ("Regulation (EU) No 604/2013", "32013R0604"),
        ("2003/109/EC", "32003L0109"),
        ("V-2", "V-2"),
        ("A/CONF.231/3", "A/CONF.231/3"),
    ],
)
def test_usual_spellings_name_the_identifier_and_no_other(typed: str, value: str) -> None:
    assert named(typed) == {value}


@pytest.mark.parametrize("typed", ["97", "1951", "2018", "Article 33", "refugees", "", "73", "195", "C143"])
def test_other_texts_name_none(typed: str) -> None:
    assert named(typed) == set()
