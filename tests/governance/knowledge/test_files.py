import json
from pathlib import Path

import pytest

from governance.knowledge.files import FileError, in_load_order, line, read


@pytest.fixture
def write(tmp_path):
    def write(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def documents(path: Path) -> list:
    return [entry.document for entry in read(path)]


def test_every_scalar_of_yaml_is_text(write):
    path = write("a.yaml", "- {a: NO, b: 1.10, c: 1951-07-28, d: ~, e: true, f: 0x10, g: '', h: 1e3}\n")
    expected = {"a": "NO", "b": "1.10", "c": "1951-07-28", "d": "~", "e": "true", "f": "0x10", "g": "", "h": "1e3"}
    assert documents(path) == [expected]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {title: A, title: B}", "“title” stands here twice"),
        ("- names:\n    - {text: A, text: B}", "“text” stands here twice"),
        ("- {? [a] : b}", "a key is a word"),
        ("- !!int many", "could not determine a constructor"),
        ("- !!python/object/apply:os.system [true]", "could not determine a constructor"),
        ("- !!timestamp soon", "could not determine a constructor"),
        ("- {a: b", "line 1"),
        ("- a: b\n c: d", "line 2"),
        ("- \x07", "special characters are not allowed|control characters"),
        ("a: b", "a file is a list of documents"),
        ("only text", "a file is a list of documents"),
        (b"- \xff\xfe", "codec can't decode"),
    ],
)
def test_a_damaged_yaml_file_is_named_with_what_is_wrong(write, text, message):
    with pytest.raises(FileError, match=message) as caught:
        documents(write("damaged.yaml", text))
    assert "damaged.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b'{"a": 1}\nnonsense\n', "damaged.jsonl, line 2: Expecting value"),
        (b'{"a": 1}\n\xff\n', "codec can't decode"),
        (b"\xef\xbb\xbf{}\n", "line 1: Unexpected UTF-8 BOM"),
        (b"[" * 100_000, "line 1: maximum recursion depth"),
        (b"1" * 5000, "line 1: Exceeds the limit"),
    ],
)
def test_a_damaged_line_of_json_is_named(write, text, message):
    with pytest.raises(FileError, match=message):
        documents(write("damaged.jsonl", text))


def test_deeply_nested_yaml_is_refused(write):
    with pytest.raises(FileError, match=r"deep\.yaml"):
        documents(write("deep.yaml", "- " + "[" * 20_000))


def test_an_empty_file_has_no_documents(write):
    assert documents(write("empty.yaml", "# nothing yet\n")) == []
    assert documents(write("empty.jsonl", "\n\n")) == []


def test_a_folder_is_read_in_the_order_of_names(write, tmp_path):
    write("2.yaml", "- second\n- third")
    write("1.jsonl", '"first"\n')
    write("3/4.yml", "- fourth")
    write("notes.txt", "not read")
    (tmp_path / "folder.yaml").mkdir()
    assert [(entry.document, entry.where) for entry in read(tmp_path)] == [
        ("first", "1.jsonl, line 1"),
        ("second", "2.yaml, document 1"),
        ("third", "2.yaml, document 2"),
        ("fourth", "4.yml, document 1"),
    ]


def test_what_cannot_be_read_is_said(write, tmp_path):
    for path, message in (
        (tmp_path, "no .yaml or .jsonl file"),
        (tmp_path / "none.yaml", "no such file"),
        (write("a.csv", "a,b"), "only .yaml and .jsonl"),
    ):
        with pytest.raises(FileError, match=message):
            documents(path)


def test_a_line_is_read_back_whatever_its_text_holds(write):
    document = {"title": "A\nB\r\u2028\x85 “é” العربية", "list": [None, 1, {"a": ""}]}
    path = write("a.jsonl", line(document) + line(document))
    assert documents(path) == [document, document]
    assert json.loads(line(document)) == document


def test_documents_are_put_in_an_order_in_which_most_references_lead_back(write):
    types = ["practice", "instrument", "actor", "level", "source"]
    path = write("a.jsonl", "".join(line({"type": type_}) for type_ in types) + '{"type": []}\nnull\n')
    ordered = [entry.document for entry in in_load_order(read(path))]
    assert ordered[2:] == [{"type": type_} for type_ in ("level", "source", "actor", "instrument", "practice")]
