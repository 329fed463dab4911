import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.parser import parse
from search.query import (
    And,
    Everything,
    Field,
    Fuzzy,
    Not,
    Or,
    Phrase,
    Prefix,
    QueryLimit,
    Range,
    Term,
    Words,
    children,
    depth,
    leaves,
)


def one(text: str) -> Words:
    return Words((Term(text),))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("  ", Everything()),
        ("*", Everything()),
        ("non-refoulement", one("non-refoulement")),
        ("labour migration", Words((Term("labour"), Term("migration")))),
        ("and or not", Words((Term("and"), Term("or"), Term("not")))),
        ('"expulsion or return"', Words((Phrase("expulsion or return"),))),
        ("“smart quotes”", Words((Phrase("smart quotes"),))),
        ("a AND b", And((one("a"), one("b")))),
        ("a OR b c", Or((one("a"), Words((Term("b"), Term("c")))))),
        ("a -b", Words((Term("a"), Not(Term("b"))))),
        ("a NOT (b OR c)", Words((Term("a"), Not(Or((one("b"), one("c"))))))),
        ("migr*", Words((Prefix("migr"),))),
        ("refoulment~", Words((Fuzzy("refoulment", 2),))),
        ("visa~", Words((Fuzzy("visa", 1),))),
        ("refoulment~1", Words((Fuzzy("refoulment", 1),))),
        ("Level:regional", Words((Field("level", Term("regional")),))),
        ('title:"global compact"', Words((Field("title", Phrase("global compact")),))),
        ("year:2018", Words((Range("year", 2018, 2018),))),
        ("year:2018..2023", Words((Range("year", 2018, 2023),))),
        ("year:..2020", Words((Range("year", None, 2020),))),
        ("http://x.org", one("http://x.org")),
    ],
)
def test_what_is_written_becomes_a_tree(text: str, tree) -> None:
    parsed = parse(text)
    assert parsed.tree == tree
    assert parsed.notices == ()


@pytest.mark.parametrize(
    "text",
    ["(a", "a)", 'a "b', "a OR", "AND", "NOT", "a AND OR b", "x*y", "*a", "a*", "year:soon", "year:..", "level:(a)"],
)
def test_what_does_not_parse_is_plain_words_with_a_notice(text: str) -> None:
    parsed = parse(text)
    assert parsed.notices
    assert isinstance(parsed.tree, Words | Or)
    assert all(isinstance(leaf, Term) for leaf in leaves(parsed.tree))


def test_what_looks_like_a_field_and_is_none_is_named_with_those_there_are() -> None:
    parsed = parse("refugee author:smith")
    assert "“author”" in parsed.notices[0] and "principle" in parsed.notices[0]
    assert parsed.tree == Words((Term("refugee"), Term("author:smith")))


@pytest.mark.parametrize("text", ["?!", "...", "-", '""', "()"])
def test_signs_alone_ask_for_nothing_and_that_is_said(text: str) -> None:
    parsed = parse(text)
    assert parsed.tree == Or(())
    assert parsed.notices


@pytest.mark.parametrize(
    "text",
    ["a" * 501, " ".join(["word"] * 41), "-".join(["word"] * 41), "(" * 11 + "a" + ")" * 11, "NOT " * 11 + "a"],
)
def test_too_much_is_refused(text: str) -> None:
    with pytest.raises(QueryLimit):
        parse(text)


def test_the_limits_themselves_are_allowed() -> None:
    parse("a" * 500)
    parse(" ".join(["word"] * 40))
    parse("(" * 9 + "a" + ")" * 9)


pieces = st.sampled_from(
    [
        "a",
        "refugee",
        "AND",
        "OR",
        "NOT",
        "-",
        "(",
        ")",
        '"',
        "*",
        "~",
        "~9",
        "year:",
        "2018..",
        ":",
        "title:",
        "level:x",
        " ",
        "é",
        "عدم",
    ]
)


@given(st.lists(st.sampled_from(["a", "Refugees", "AND", "or", "NOT", "2018", "x1", "é"]), min_size=1, max_size=6))
def test_plain_words_are_read_as_the_whole_language_reads_them(words: list[str]) -> None:
    text = " ".join(words)
    parsed, bracketed = parse(text), parse(f"({text})")
    if not parsed.notices:
        assert bracketed.tree == Words((parsed.tree,))


@given(st.one_of(st.text(), st.lists(pieces).map("".join), st.lists(pieces).map(" ".join)))
def test_no_text_raises_anything_but_a_limit(text: str) -> None:
    try:
        parsed = parse(text)
    except QueryLimit:
        return
    assert depth(parsed.tree) <= 40
    assert sum(1 for _ in leaves(parsed.tree)) <= 40
    assert all(children(leaf) == () for leaf in leaves(parsed.tree))
