"""`load_knowledge` and `dump_knowledge`, and that nothing a curator changed is lost between them."""

import json
import threading

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from governance.knowledge import apply, dump, own
from governance.knowledge.files import line
from governance.knowledge.load import load
from governance.models import Change, FormerSlug, LoadedDocument, Name, Record, Revision
from instruments.models import Instrument, ProvisionPrinciple
from tests.factories import make_document, make_event, make_instrument, make_principle

pytestmark = pytest.mark.django_db

SOURCE = make_document("source", "S1", reliability="high", residue=[2, 18])
SOLIDARITY = make_document("principle", "solidarity", summary={"value": "Standing together.", "cite": ["S1.1"]})
COMPACT = make_document(
    "instrument", "compact", binding={"value": "non-binding", "cite": ["S1.2 'not legally binding'"]},
    level="global", names=[{"text": "Global Compact", "kind": "short"}],
    dates=[{"event": "adopted", "value": "2018-12-10", "cite": ["S1.3"]}, {"event": "signed", "value": "2018~"}],
    relations=[
        {"predicate": "follows", "to": "instrument/declaration"}, {"predicate": "complements", "to": "event/forum"},
    ],
    participation=[{"party": "country/MA", "act": "host", "from": "2018"}, {"party": "country/TN", "act": "party"}],
    provisions=[{"label": "Article 1", "gist": "Aim.", "principles": [{"slug": "solidarity", "cite": ["S1.4"]}]}],
    topics=["asylum"],
    caveats=[{"kind": "doubtful", "field": "/dates/1", "text": "Signed by whom?", "cite": ["S1.5", "!S1.6"]}],
)  # fmt: skip
KNOWLEDGE = (
    COMPACT,
    make_document("event", "forum", state="draft", relations=[{"predicate": "reviews", "to": "instrument/compact"}]),
    make_document("instrument", "declaration", binding={"value": "non-binding", "cite": ["S1"]}),
    make_document("country", "MA"),
    make_document("country", "TN"),
    make_document("level", "global", position=1),
    make_document("topic", "asylum", summary={"value": "Refuge.", "cite": ["S1.7"]}, parent="rights"),
    make_document("topic", "rights", summary={"value": "Rights.", "cite": ["S1.8"]}),
    SOLIDARITY,
    SOURCE,
)


@pytest.fixture
def file(tmp_path):
    """Write documents to a file and return its path."""

    def write(*documents, name="knowledge.jsonl"):
        path = tmp_path / name
        path.write_text("".join(map(line, documents)))
        return path

    return write


@pytest.fixture
def loaded(file):
    report = load(file(*KNOWLEDGE))
    assert report.faults == []
    return report


def changed(document: dict, **fields) -> dict:
    return document | {"body": "The file has a new edition."} | fields


def test_documents_may_refer_to_each_other_in_any_order(loaded):
    assert len(loaded.created) == len(KNOWLEDGE)
    assert Record.objects.filter(state="published").count() == len(KNOWLEDGE) - 1
    for document in KNOWLEDGE:
        record = Record.objects.get(type=document["type"], slug=document["slug"])
        assert own(dump(record, public=False)) == own(document)


def test_loading_again_writes_nothing(loaded, file):
    before = Change.objects.count(), Revision.objects.count()
    for path in (file(*KNOWLEDGE), file(*reversed(KNOWLEDGE)), file(*map(own, KNOWLEDGE[:3]), *KNOWLEDGE[3:])):
        report = load(path)
        assert (report.created, report.changed, report.left_alone, report.faults) == ([], [], [], [])
        assert report.unchanged == len(KNOWLEDGE)
    assert (Change.objects.count(), Revision.objects.count()) == before


def test_only_what_the_file_changed_is_written(loaded, file):
    report = load(file(changed(COMPACT), *KNOWLEDGE[1:]))
    assert (report.changed, report.created, report.unchanged) == (["instrument/compact"], [], len(KNOWLEDGE) - 1)
    assert Revision.objects.filter(record__slug="compact").count() == 2
    assert Revision.objects.count() == len(KNOWLEDGE) + 1


def test_a_state_in_the_file_is_kept(loaded):
    assert Record.objects.get(slug="forum").state == "draft"


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


EDITS = {
    "apply": lambda record: apply(changed(COMPACT, title="Edited")),
    "save": lambda record: Instrument(pk=record.pk, **{**_columns(record), "title": "Edited"}).save(),
    "update": lambda record: Instrument.objects.filter(pk=record.pk).update(summary="Edited"),
    "state": lambda record: Record.objects.filter(pk=record.pk).update(state="withdrawn"),
    "slug": lambda record: (
        Record.objects.filter(pk=record.pk).update(slug="renamed")
        and FormerSlug.objects.create(type="instrument", slug="compact", record=record)
    ),
    "bulk_create": lambda record: Name.objects.bulk_create([Name(record=record, text="Edited", position=9)]),
    "row update": lambda record: record.dates.filter(event="signed").update(note="Edited"),
    "row delete": lambda record: record.caveats.all().delete(),
    "through row": lambda record: ProvisionPrinciple.objects.filter(provision__instrument=record).update(
        strength="implied"
    ),
    "sql insert": lambda record: sql(
        "INSERT INTO governance_name (record_id, position, basis, text, language, kind) "
        f"VALUES ({record.pk}, 7, 'editorial', 'Edited', 'en', 'alias')"
    ),
    "sql update": lambda record: sql(f"UPDATE governance_record SET title = 'Edited' WHERE id = {record.pk}"),
    "sql delete": lambda record: sql(f"DELETE FROM governance_citation WHERE record_id = {record.pk}"),
}


def _columns(record) -> dict:
    return {field.attname: getattr(record, field.attname) for field in Record._meta.fields if field.name != "id"}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_a_curator_changed_is_left_alone_and_listed_unless_forced(loaded, file, edit):
    record = Record.objects.get(slug="compact")
    edit(record)
    edited = dump(Record.objects.get(pk=record.pk), public=False)
    assert own(edited) != own(COMPACT) or edited["state"] != "published"
    for path in (file(*KNOWLEDGE), file(changed(COMPACT), *KNOWLEDGE[1:])):
        report = load(path)
        assert (report.left_alone, report.changed, report.faults) == (["instrument/compact"], [], [])
        assert dump(Record.objects.get(pk=record.pk), public=False) == edited

    report = load(file(*KNOWLEDGE), force=True)
    assert (report.changed, report.left_alone, report.unchanged) == (["instrument/compact"], [], len(KNOWLEDGE) - 1)
    now = Record.objects.get(pk=record.pk)
    assert now.state == "published"
    assert own(dump(now, public=False)) | {"slug": "compact"} == own(COMPACT)
    assert "instrument/compact" not in load(file(*KNOWLEDGE)).left_alone


def test_an_edit_that_was_taken_back_is_none(loaded, file):
    record = Record.objects.get(slug="compact")
    record.save()
    Record.objects.filter(pk=record.pk).update(title="Edited")
    Record.objects.filter(pk=record.pk).update(title=record.title)
    report = load(file(changed(COMPACT), *KNOWLEDGE[1:]))
    assert (report.changed, report.left_alone) == (["instrument/compact"], [])


def test_a_relation_written_elsewhere_is_no_edit(loaded, file):
    apply(make_document("event", "later", relations=[{"predicate": "follows", "to": "instrument/compact"}]))
    assert load(file(changed(COMPACT), *KNOWLEDGE[1:])).changed == ["instrument/compact"]


def test_a_record_that_a_curator_made_is_left_alone_unless_forced(file):
    make_event("forum", title="By hand")
    document = make_document("event", "forum", summary={"value": "From the file.", "cite": ["S1"]})
    assert load(file(SOURCE, document)).left_alone == ["event/forum"]
    assert Record.objects.get(slug="forum").title == "By hand"
    assert load(file(SOURCE, document), force=True).changed == ["event/forum"]
    assert Record.objects.get(slug="forum").summary == "From the file."


def test_when_a_table_was_emptied_as_a_whole_every_record_is_looked_at(loaded, file):
    truncate = "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE governance_name"
    sql(truncate if connection.vendor == "postgresql" else "DELETE FROM governance_name")
    report = load(file(changed(COMPACT), changed(SOURCE), *KNOWLEDGE[1:-1]))
    assert (report.left_alone, report.changed) == (["instrument/compact"], ["source/S1"])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_edit_begun_before_a_load_and_committed_after_it_is_left_alone(file):
    """Its change has a lower number than those of the load, and yet came later."""
    load(file(*KNOWLEDGE))
    record = Record.objects.get(slug="compact")
    written, commit = threading.Event(), threading.Event()

    def curator():
        with transaction.atomic():
            Name.objects.create(record_id=record.pk, text="Edited", position=9)
            written.set()
            commit.wait(10)
        connections.close_all()

    thread = threading.Thread(target=curator)
    thread.start()
    assert written.wait(10)
    assert load(file(changed(COMPACT), *KNOWLEDGE[1:])).changed == ["instrument/compact"]
    commit.set()
    thread.join(10)
    report = load(file(changed(COMPACT, body="A third edition."), *KNOWLEDGE[1:]))
    assert (report.left_alone, report.changed) == (["instrument/compact"], [])
    assert record.names.filter(text="Edited").exists()


def test_doubles_are_refused_by_file_and_place(file, tmp_path):
    file(SOURCE, make_document("event", "a", state="draft"), name="1.jsonl")
    file(make_document("event", "A", state="draft"), SOURCE, name="2.jsonl")
    report = load(tmp_path)
    assert [fault.partition(": ")[0] for fault in report.faults] == [
        "2.jsonl, line 2, source/S1",
        "2.jsonl, line 1, event/A",
    ]
    assert "1.jsonl, line 1" in report.faults[0] and "1.jsonl, line 2" in report.faults[1]
    assert not Record.objects.exists()


def test_a_record_under_its_former_and_its_present_slug_is_a_double(loaded, file):
    record = Record.objects.get(slug="declaration")
    FormerSlug.objects.create(type="instrument", slug="statement", record=record)
    report = load(file(KNOWLEDGE[2], KNOWLEDGE[2] | {"slug": "statement"}))
    assert ["stands already in knowledge.jsonl, line 1" in fault for fault in report.faults] == [True]


def test_every_fault_of_every_document_is_named_by_file_and_place_and_nothing_is_written(file):
    before = Change.objects.count()
    report = load(file(
        make_document("event", "a", kind="party", relations=[{"predicate": "follows", "to": "event/none"}]),
        make_document("instrument", "b", provisions=[{"label": "Article 1", "principles": ["none"], "colour": "red"}]),
        make_document("event", "a b"), make_document("event", "long" * 31), make_document("country", "Morocco"),
        make_document("event", "uncited"), {"type": "song"}, {"slug": "x"}, ["a"], None, {"type": ["event"]},
        make_document("event", "good", summary={"value": "x", "cite": ["S1"]}), SOURCE,
    ))  # fmt: skip
    assert sorted(": ".join(fault.split(": ")[:2])[:60] for fault in report.faults) == [
        "knowledge.jsonl, line 1, event/a: /kind",
        "knowledge.jsonl, line 1, event/a: /relations/0",
        "knowledge.jsonl, line 10, ?: A document is a mapping of fiel",
        "knowledge.jsonl, line 11, ?/?: /type",
        "knowledge.jsonl, line 2, instrument/b: /provisions/0/colour",
        "knowledge.jsonl, line 2, instrument/b: /provisions/0/princip",
        "knowledge.jsonl, line 3, event/a b: /slug",
        "knowledge.jsonl, line 4, event/" + "long" * 7 + "l",
        "knowledge.jsonl, line 5, country/Morocco: /iso2",
        "knowledge.jsonl, line 6, event/uncited: Nothing is published",
        "knowledge.jsonl, line 7, song/?: /type",
        "knowledge.jsonl, line 8, ?/x: /type",
        "knowledge.jsonl, line 9, ?: A document is a mapping of field",
    ]
    assert (report.created, report.changed, report.unchanged, report.left_alone) == ([], [], 0, [])
    assert not Record.objects.exists() and Change.objects.count() == before


def test_parents_in_a_circle_are_a_fault(file):
    documents = [make_document("level", "a", parent="b"), make_document("level", "b", parent="a")]
    report = load(file(*documents))
    assert [("/parent" in fault, "line 2" in fault) for fault in report.faults] == [(True, True)]
    assert not Record.objects.exists()


def test_nothing_is_published_without_a_citation(file):
    report = load(file(make_document("event", "a")))
    assert report.faults == ["knowledge.jsonl, line 1, event/a: Nothing is published without a citation."]
    assert load(file(make_document("event", "a", state="draft"))).created == ["event/a"]
    exempt = [make_document("level", "local"), make_document("source", "S1"), make_document("country", "MA")]
    assert load(file(*exempt)).faults == []


def empty_the_database() -> None:
    """Constraints are checked at the end of a transaction, so any order will do."""
    for model in apps.get_models():
        if model._meta.app_label in ("governance", "actors", "instruments") and model is not Change:
            model._base_manager.all()._raw_delete(connection.alias)


@pytest.mark.parametrize("everything", [True, False], ids=["everything", "public"])
def test_a_dump_loaded_into_an_empty_database_gives_the_same_dump(loaded, tmp_path, everything):
    # What no fixture has: rows added and taken away by hand, a draft in the midst of lists, a provision with a gap.
    secret = make_principle("draft-principle", state="draft")
    made = make_instrument("by-hand", state="draft")
    compact = Instrument.objects.get(slug="compact")
    compact.names.create(text="By hand", position=0)
    compact.dates.first().delete()
    compact.relations.create(predicate="related-to", target=made, position=5)
    compact.principle_tags.create(principle=secret, position=0)
    options = {"all": True} if everything else {}
    call_command("dump_knowledge", tmp_path / "1.jsonl", verbosity=0, **options)
    empty_the_database()
    assert not Record.objects.exists()
    call_command("load_knowledge", tmp_path / "1.jsonl", verbosity=0)
    call_command("dump_knowledge", tmp_path / "2.jsonl", verbosity=0, **options)
    assert (tmp_path / "2.jsonl").read_bytes() == (tmp_path / "1.jsonl").read_bytes()
    assert (tmp_path / "1.jsonl").stat().st_size > 4000


def test_a_public_dump_has_no_drafts_and_a_full_one_says_their_state(loaded, tmp_path):
    call_command("dump_knowledge", tmp_path / "public.jsonl", verbosity=0)
    call_command("dump_knowledge", tmp_path / "full.jsonl", all=True, verbosity=0)
    assert "forum" not in (tmp_path / "public.jsonl").read_text()
    assert '"state"' not in (tmp_path / "public.jsonl").read_text()
    assert '"slug":"forum"' in (tmp_path / "full.jsonl").read_text()


def test_a_dump_is_in_order_of_type_and_slug_whatever_the_locale_of_the_database(loaded, capsys):
    for slug in ("a-b", "ab", "a-c", "B", "a_b"):
        make_event(slug)
    call_command("dump_knowledge")
    addresses = [(d["type"], d["slug"]) for d in map(json.loads, capsys.readouterr().out.splitlines())]
    assert addresses == sorted(addresses) and len(addresses) == len(KNOWLEDGE) - 1 + 5


def test_the_command_says_what_it_did_and_what_it_left_alone(loaded, file, capsys):
    Record.objects.filter(slug="compact").update(title="Edited")
    call_command("load_knowledge", file(*KNOWLEDGE, make_document("level", "local")))
    out = capsys.readouterr().out
    assert "left alone, edited since it was loaded: instrument/compact" in out
    assert "1 records created, 0 changed, 9 as they were, 1 left alone." in out


def test_the_command_fails_with_every_fault(file, capsys, tmp_path):
    with pytest.raises(CommandError, match="2 faults; nothing was loaded"):
        call_command("load_knowledge", file(make_document("event", "a", kind="party", title="")))
    assert "line 1, event/a: /kind" in capsys.readouterr().err
    with pytest.raises(CommandError, match="no such file"):
        call_command("load_knowledge", tmp_path / "none")


def test_what_is_remembered_goes_with_the_record(loaded):
    Record.objects.get(slug="compact").relations.all().delete()
    Record.objects.get(slug="forum").delete()
    assert LoadedDocument.objects.count() == len(KNOWLEDGE) - 1
