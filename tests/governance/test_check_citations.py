"""Every locator and quote is held against the ingested texts."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from governance.citations import check
from governance.ingest.blocks import Block
from governance.ingest.folding import fold, holds, plain
from governance.ingest.store import ingest
from governance.models import Source
from tests.governance.texts import cite, make_source, make_topic

pytestmark = pytest.mark.django_db

NOT_HERE = "the quote does not stand in this paragraph"


@pytest.fixture
def source() -> Source:
    source = make_source(joined=[[1, 3]])
    ingest(
        source,
        [Block("**Rivers** join at the"), Block("The mill’s “three” wheels<sup>1</sup> turn."), Block("old bridge.")],
    )
    return source


def run(**options) -> tuple[str, str]:
    """What the command prints, and its complaint."""
    out = StringIO()
    try:
        call_command("check_citations", stdout=out, **options)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The mill has\n three   wheels", "has three wheels"),
        ("the mill’s “three” wheels", 'mill\'s "three" wheels'),
        ("**The mill:** it has *three* wheels", "The mill: it has three"),
        ("the 10<sup>th</sup> wheel", "10th wheel"),
        ("the mill (old)<sup>12</sup>, and more", "mill (old), and more"),
        ("global level.10 Next", "global level."),
        ("of definitions,b the mill", "definitions,b the"),
        ("under the United Nations8 Member", "United Nations"),
        ("a multi‑wheel mill – old", "multi-wheel mill - old"),
        ("the con-\nnection is made", "the connection"),
        ("of co-\noperation", "of co-operation"),
        ("the ﬁrst mill", "the first mill"),
        ("a…b", "a...b"),
        ("## The Mill", "The Mill"),
        ("snake_case_name", "snake_case_name"),
        ("anything", ""),
    ],
)
def test_a_quote_stands_whatever_the_marks(text: str, quote: str) -> None:
    assert holds(text, quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("the windmills", "mill"),
        ("the mill has wheels", "mill has wheel"),
        ("in 20165", "in 2016"),
        ("The Mill", "the mill"),
        ("the mill has wheels", "mill wheels"),
    ],
)
def test_other_words_do_not_stand(text: str, quote: str) -> None:
    assert not holds(text, quote)


def test_folding_twice_changes_nothing_more() -> None:
    text = "## **The** mill’s ﬁrst<sup>1</sup>  wheels…"
    assert fold(fold(text)) == fold(text) == "The mill's first1 wheels..."
    assert plain(text) == "The mill’s ﬁrst¹  wheels…"


def test_citations_that_stand_are_counted(source: Source) -> None:
    topic = make_topic()
    cite(topic, source, 2, 'mill\'s "three" wheels turn')
    cite(topic, source, 1, "join at the old bridge", field="/level")
    cite(topic, source, 3, field="/dates/0")
    cite(topic, source, None, "old bridge", field="/dates/1")
    cite(topic, source, None, field="/dates/2")
    said, complaint = run()
    assert said == "5 citations checked, 0 do not stand; 0 cite 0 sources without an ingested text.\n"
    assert complaint == ""


def test_what_does_not_stand_is_named(source: Source) -> None:
    topic = make_topic()
    cite(topic, source, 4, "three", field="/summary")
    cite(topic, source, 2, "two wheels", field="/level")
    cite(topic, source, 1, "wheels", field="/dates/0", stance="contradicts")
    cite(topic, source, 1, "rivers", field="")
    cite(topic, source, None, "no such words", field="/kind", locator="p. 3")
    said, complaint = run()
    assert sorted(said.splitlines()[:-1]) == [
        f"topic/mills /: T1.1 'rivers': {NOT_HERE}; its words stand there with other capitals",
        f"topic/mills /dates/0: !T1.1 'wheels': {NOT_HERE}; it stands in ¶2",
        "topic/mills /kind: T1 [p. 3] 'no such words': the quote stands nowhere in the text",
        f"topic/mills /level: T1.2 'two wheels': {NOT_HERE}; it stands nowhere in the text",
        "topic/mills /summary: T1.4 'three': there is no paragraph 4; the last is 3",
    ]
    assert complaint == "5 citations do not stand."


def test_sources_without_text_are_counted_apart(source: Source) -> None:
    topic, other = make_topic(), make_source("T2")
    cite(topic, other, 99, "who knows")
    cite(topic, other, 3, field="/level")
    make_source("T3")
    result = check()
    assert (result.findings, result.checked, dict(result.without_text)) == ([], 0, {"T2": 2})
    assert run()[0] == "0 citations checked, 0 do not stand; 2 cite 1 sources without an ingested text.\n"


def test_one_source_can_be_checked_alone(source: Source) -> None:
    cite(make_topic(), source, 9)
    make_source("T2")
    assert run(source="T2")[1] == ""
    assert run(source="t1")[1] == "1 citations do not stand."
    assert run(source="T9")[1] == "There is no source with the code T9."
