import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.knowledge import cite

SOURCES = st.from_regex(r"[-A-Za-z0-9_]{1,12}", fullmatch=True)
TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)
ITEMS = st.fixed_dictionaries({
    "source": SOURCES,
    "paragraph": st.none() | st.integers(1, 1_000_000),
    "locator": TEXT.filter(lambda text: "]" not in text),
    "quote": TEXT.filter(lambda text: len(text.split()) <= cite.LONGEST_QUOTE) | st.sampled_from(["it's", "' [x] '"]),
    "stance": st.sampled_from(["supports", "contradicts"]),
})  # fmt: skip


@given(ITEMS)
def test_what_is_written_is_read_back(item):
    assert cite.parse(cite.write(item)) == [item]


@given(st.one_of(st.text(), st.text(st.sampled_from("!S4.+1209 '[]-_\n٤"), max_size=20)))
def test_any_text_is_a_citation_or_is_refused_with_an_example(text):
    try:
        items = cite.parse(text)
    except cite.BadCitation as error:
        assert "S4.12" in str(error) or "twelve words" in str(error)
    else:
        assert [cite.parse(cite.write(item)) for item in items] == [[item] for item in items]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("S4", {"source": "S4"}),
        ("S4.12", {"source": "S4", "paragraph": 12}),
        ("R42 [art. XI]", {"source": "R42", "locator": "art. XI"}),
        ("S3.6 'short phrase'", {"source": "S3", "paragraph": 6, "quote": "short phrase"}),
        ("S3.6 'the State's duty'", {"source": "S3", "paragraph": 6, "quote": "the State's duty"}),
        ("!S1.25 'phrase'", {"source": "S1", "paragraph": 25, "quote": "phrase", "stance": "contradicts"}),
        ("R9c.1 [p. 2] 'x'", {"source": "R9c", "paragraph": 1, "locator": "p. 2", "quote": "x"}),
        ("2024-report.3", {"source": "2024-report", "paragraph": 3}),
        ("  S4.12\n", {"source": "S4", "paragraph": 12}),
    ],
)
def test_every_way_of_citing_is_read(text, item):
    empty = {"paragraph": None, "locator": "", "quote": "", "stance": "supports"}
    assert cite.parse(text) == [empty | item]


def test_paragraphs_that_belong_together_make_one_item_each_and_the_quote_stands_on_the_first():
    assert [(item["paragraph"], item["quote"]) for item in cite.parse("S4.13+20 'over the page'")] == [
        (13, "over the page"),
        (20, ""),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "S4 .12", "S4.", "S4.x", "S4.0", "S4.-1", "S4.12+", "S4.12 quote", "S4.12 'open", "S4 [open", "S4.1 (x)",
     "!!S4", "S4.١٢", "S4." + "9" * 5000, "S4; S5", "S4 'x' [y]"],
)  # fmt: skip
def test_what_is_not_a_citation_is_refused(text):
    with pytest.raises(cite.BadCitation, match=r"S4\.12"):
        cite.parse(text)


def test_a_quote_has_at_most_twelve_words():
    assert cite.parse(f"S1.1 '{'word ' * 12}'")
    with pytest.raises(cite.BadCitation, match="longer than twelve words"):
        cite.parse(f"S1.1 '{'word ' * 13}'")
