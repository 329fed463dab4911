"""What counts as a paragraph in each format."""

import pytest

from governance.ingest import blocks
from governance.ingest.blocks import Block, Form, Unreadable, clean, form_of, split
from governance.ingest.readers import format_of, read
from governance.models import passage
from tests.governance.texts import document_xml, make_docx, make_pdf, replace_part


def texts(data: bytes | str, suffix: str) -> list[str]:
    return [block.text for block in read(data.encode() if isinstance(data, str) else data, suffix)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\n\ntwo", ["one", "two"]),
        ("\n\n one \n\n\n\n two\n", ["one", "two"]),
        ("one\ntwo\n\nthree", ["one\ntwo", "three"]),
        ("one\n \t \ntwo", ["one", "two"]),
        ("one\n\u00a0\ntwo", ["one", "two"]),
        ("one\r\n\r\ntwo\r\rthree", ["one", "two", "three"]),
        ("one\n\n---\n\ntwo", ["one", "---", "two"]),
        ("one", ["one"]),
        (" \n\n \n", []),
    ],
)
def test_blocks_between_blank_lines_are_paragraphs(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("## A heading", Form.HEADING),
        ("#hashtag", Form.BODY),
        ("# A heading\nand a line", Form.BODY),
        ("<sup>1</sup> A note.", Form.FOOTNOTE),
        ("[^note]: A note.", Form.FOOTNOTE),
        ("The 10<sup>th</sup> time.", Form.BODY),
    ],
)
def test_markdown_tells_headings_and_notes(text: str, form: Form) -> None:
    assert form_of(text) == form


def test_the_two_lists_of_forms_are_one() -> None:
    assert [form.value for form in blocks.Form] == passage.Form.values


def test_what_a_database_cannot_hold_is_taken_out() -> None:
    assert clean(" a\x00b\x07c\ud800\td\n") == "abc\td"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_texts_are_read_whatever_their_form(encoding: str) -> None:
    assert texts("eins – zwei\n\nтри".encode(encoding), ".txt") == ["eins – zwei", "три"]


def test_a_text_in_another_encoding_is_refused_with_the_line() -> None:
    with pytest.raises(Unreadable) as caught:
        texts("plain\ncaf\u00e9\n".encode("latin-1"), ".txt")
    assert (caught.value.code, caught.value.values) == ("encoding", {"line": 2})


def test_html_blocks_are_paragraphs() -> None:
    page = """<!doctype html><html><head><title>No text</title><style>p {}</style></head><body>
      <nav><a href="/">Start</a></nav><h1>Mills</h1>
      <p>The <b>mi</b>ll has
         three wheels.<sup>2</sup></p><script>alert("no")</script><!-- nor this -->
      <div>Loose words<p>A paragraph</p>and a tail</div>
      <ul><li>one</li><li>two<br>lines</li></ul>
      <table> <tr> <th>State</th> <th>Day</th> </tr>
        <tr><td>A</td><td></td><td>4 May</td></tr></table>
      <table><tr><td><p>Laid out</p></td><td>by cells</td></tr></table>
      <pre>a  b
c</pre></body></html>"""
    assert list(read(page.encode(), ".html")) == [
        Block("Start", Form.FURNITURE), Block("Mills", Form.HEADING),
        Block("The mill has three wheels.<sup>2</sup>"), Block("Loose words"), Block("A paragraph"),
        Block("and a tail"), Block("one"), Block("two\nlines"), Block("State | Day"), Block("A | 4 May"),
        Block("Laid out"), Block("by cells"), Block("a  b\nc"),
    ]  # fmt: skip


def test_html_says_its_encoding() -> None:
    page = '<html><head><meta charset="windows-1252"></head><body><p>caf\u00e9</p></body></html>'
    assert texts(page.encode("cp1252"), ".html") == ["caf\u00e9"]
    with pytest.raises(Unreadable, match="declared"):
        texts(page.replace("windows-1252", "utf-8").encode("cp1252"), ".html")


def test_pdf_paragraphs_are_runs_of_close_lines() -> None:
    data = make_pdf(
        ["# Mills", "", "", "The mill has three wheels, which", "turn in spring.", "", "Nobody counts the swallows."],
        ["A page never", "shares a paragraph."],
        ["One line.", "", "Another line."],
    )
    assert texts(data, ".pdf") == [
        "Mills", "The mill has three wheels, which\nturn in spring.", "Nobody counts the swallows.",
        "A page never\nshares a paragraph.", "One line.", "Another line.",
    ]  # fmt: skip


def test_a_larger_line_ends_a_paragraph_of_a_pdf() -> None:
    assert texts(make_pdf(["First line", "second line", "# Heading", "third line"]), ".pdf") == [
        "First line\nsecond line", "Heading", "third line",
    ]  # fmt: skip


def test_docx_paragraphs_and_rows() -> None:
    data = make_docx("# Mills", "The mill has three wheels.", "", "Two\nlines", rows=[["State", "Day"], ["A", "4 May"]])
    assert list(read(data, ".docx")) == [
        Block("Mills", Form.HEADING), Block("The mill has three wheels."), Block("Two\nlines"), Block("State | Day"),
        Block("A | 4 May"),
    ]  # fmt: skip


def test_docx_keeps_what_was_inserted_and_leaves_out_what_was_deleted() -> None:
    body = (
        "<w:p><w:r><w:t>The mill</w:t></w:r><w:ins><w:r><w:t> has wheels</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> is gone</w:delText></w:r></w:del><w:r><w:tab/><w:t>.</w:t></w:r></w:p>"
    )
    data = replace_part(make_docx("x"), "word/document.xml", document_xml(body))
    assert texts(data, ".docx") == ["The mill has wheels\t."]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\n%PDF-1.7\n", "pdf"),
        (b"A text about %PDF- files.", "text"),
        (make_docx("x"), "docx"),
        (b"PK\x03\x04rest", "zip"),
        (b"  <!-- hm --><!DOCTYPE html><p>x", "html"),
        (b"<p>only a part</p>", "text"),
        (b"\x7fELF\x00\x01", "binary"),
        ("für".encode("utf-16"), "text"),
    ],
)
def test_a_format_is_told_by_the_content(data: bytes, found: str) -> None:
    assert format_of(data) == found


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (make_pdf(["x"]), ".txt"), (make_docx("x"), ".pdf"), (b"<!doctype html><p>x</p>", ".txt"), (b"words", ".html"),
        (b"words", ".docx"), (b"PK\x03\x04", ".docx"), (b"\x00\x01\x02", ".md"), (b"<p>x</p>", ".pdf"),
    ],
)  # fmt: skip
def test_a_name_that_belies_the_content_is_refused(data: bytes, suffix: str) -> None:
    with pytest.raises(Unreadable, match="mismatch"):
        read(data, suffix)


def test_a_part_of_a_page_is_html_when_its_name_says_so() -> None:
    assert texts("<p>one</p><p>two</p>", ".htm") == ["one", "two"]
