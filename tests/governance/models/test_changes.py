"""The change log: that nothing is written without it, and that nobody who reads it misses or repeats anything."""

import threading
import time
from collections import Counter

import pytest
from django.apps import apps
from django.db import connection, connections, models, transaction
from django.db.migrations import Migration

from governance.models import (
    Change,
    Distinct,
    FormerSlug,
    Identifier,
    LoadedDocument,
    Merge,
    MergeStep,
    Name,
    Position,
    PrincipleTag,
    Record,
    Report,
    Revision,
    TextUpload,
    TopicTag,
)
from governance.models.imports import ImportedRecord, ImportRow
from governance.models.passage import Passage
from governance.models.triggers import install_triggers, remove_triggers, watched_tables
from tests.factories import (
    make_actor,
    make_country,
    make_date,
    make_event,
    make_instrument,
    make_level,
    make_participation,
    make_principle,
    make_provision,
    make_record,
    make_relation,
    make_source,
    make_topic,
)

UNWATCHED = {
    Change: "it is the log",
    Revision: "what is only proposed is seen by nobody; what is approved is written to the record too",
    LoadedDocument: "what a load remembers of itself",
    ImportRow: "what an import plans, for curators",
    ImportedRecord: "what an import did, for curators",
    MergeStep: "what a merge did, for taking it back",
    Distinct: "what curators found to be two, for them",
    Report: "what readers say of a record, for curators",
    TextUpload: "a text that nobody has accepted yet",
}


def settle() -> None:
    """Wait until nothing runs that could precede what was written; other databases of the server count too."""
    for _ in range(3000):
        if "+" not in Change.objects.all().token():
            return
        time.sleep(0.02)
    raise TimeoutError("Some transaction does not end.")


class Log:
    """What was logged inside a `with` block, as `(op, table, record_id)`."""

    def __enter__(self):
        self.since = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
        return self

    def __exit__(self, *_):
        rows = Change.objects.filter(id__gt=self.since).order_by("id")
        self.rows = [(row.op, row.table, row.record_id) for row in rows]


def make_rows() -> dict[type[models.Model], tuple[models.Model, set[int]]]:
    """One row of each watched table, with the ids of the records that own it."""
    level, principle, topic, source = make_level(), make_principle(), make_topic(), make_source("S1")
    instrument, actor = make_instrument(), make_actor()
    provision = make_provision(instrument, "Article 1", principle)
    events = [make_event(), make_record("practice"), make_country("MA")]
    children = (level, principle, topic, source, instrument, actor, *events)
    rows = {type(child): (child, {child.pk}) for child in children}
    rows[Record] = (Record.objects.get(pk=instrument.pk), {instrument.pk})
    for row, owners in (
        (Name.objects.create(record_id=instrument.pk, text="A"), {instrument}),
        (Identifier.objects.create(record_id=instrument.pk, scheme="other", value="A"), {instrument}),
        (make_date(instrument, "adopted", "1951"), {instrument}),
        (make_participation(instrument, actor), {instrument, actor}),
        (make_relation(instrument, "follows", events[0]), {instrument, events[0]}),
        (PrincipleTag.objects.create(record_id=instrument.pk, principle=principle), {instrument, principle}),
        (TopicTag.objects.create(record_id=instrument.pk, topic=topic), {instrument, topic}),
        (instrument.caveats.create(kind="doubtful", text="A"), {instrument}),
        (instrument.citations.create(field="/title", source=source), {instrument, source}),
        (FormerSlug.objects.create(type="event", slug="a", record_id=instrument.pk), {instrument}),
        (provision, {instrument}),
        (provision.principles.get(), {instrument, principle}),
        (Passage.objects.create(source=source, number=1, position=1, text="A"), {source}),
        (Merge.objects.create(loser_id=events[0].pk, winner_id=events[1].pk), {events[0], events[1]}),
    ):
        rows[type(row)] = (row, {owner.pk for owner in owners})
    return rows


def reaches_records(model: type[models.Model], seen: frozenset = frozenset()) -> bool:
    """Whether a row of the model belongs to a record, by whatever number of foreign keys."""
    related = {field.related_model for field in model._meta.get_fields() if field.many_to_one or field.one_to_one}
    forward = {other for other in related if other and any(f.related_model is other for f in model._meta.fields)}
    return model is Record or any(reaches_records(other, seen | {model}) for other in forward - seen - {model})


def test_every_model_with_a_path_to_a_record_is_watched():
    concrete = {model for model in apps.get_models() if reaches_records(model)}
    assert {model._meta.db_table for model in concrete - UNWATCHED.keys()} == set(watched_tables())


@pytest.mark.django_db
def test_there_is_a_row_of_every_watched_table():
    assert {model._meta.db_table for model in make_rows()} == set(watched_tables())


@pytest.mark.django_db
def test_a_save_names_every_owning_record():
    for model, (row, owners) in make_rows().items():
        with Log() as log:
            row.save()
        assert {(op, record) for op, _table, record in log.rows} == {("U", owner) for owner in owners}, model


@pytest.mark.django_db
def test_an_update_of_a_queryset_names_every_owning_record():
    for model, (row, owners) in make_rows().items():
        column = model._meta.local_fields[-1]
        with Log() as log:
            model.objects.filter(pk=row.pk).update(**{column.name: getattr(row, column.attname)})
        assert sorted(log.rows) == sorted(("U", model._meta.db_table, owner) for owner in owners), model


@pytest.mark.django_db
def test_sql_by_hand_names_every_owning_record():
    for model, (row, owners) in make_rows().items():
        table, key = model._meta.db_table, model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} WHERE {key} = %s", [row.pk])
            columns, values = [column[0] for column in cursor.description], cursor.fetchone()
            names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(values))
            for op, statement, parameters in (
                ("U", f'UPDATE {table} SET "{columns[-1]}" = "{columns[-1]}" WHERE {key} = %s', [row.pk]),
                ("D", f"DELETE FROM {table} WHERE {key} = %s", [row.pk]),
                ("I", f"INSERT INTO {table} ({names}) VALUES ({marks})", values),
            ):
                with Log() as log:
                    cursor.execute(statement, _as_sent(parameters))
                assert sorted(log.rows) == sorted((op, table, owner) for owner in owners), (model, op)


def _as_sent(values):
    """JSON is read as text on SQLite and as a value on PostgreSQL, which takes it back only as JSON."""
    if connection.vendor != "postgresql":
        return values
    from psycopg.types.json import Jsonb

    return [Jsonb(value) if isinstance(value, dict | list) else value for value in values]


@pytest.mark.django_db
def test_rows_made_many_at_once_are_logged_one_by_one():
    first, second, principle = make_instrument(), make_instrument(), make_principle()
    with Log() as log:
        PrincipleTag.objects.bulk_create(PrincipleTag(record_id=i.pk, principle=principle) for i in (first, second))
    expected = [first.pk, principle.pk, second.pk, principle.pk]
    assert sorted(log.rows) == sorted(("I", "governance_principletag", owner) for owner in expected)


@pytest.mark.django_db
def test_a_row_that_moves_names_the_record_it_leaves_and_the_one_it_comes_to():
    first, second = make_event(), make_event()
    name = Name.objects.create(record_id=first.pk, text="A")
    with Log() as log:
        Name.objects.filter(pk=name.pk).update(record_id=second.pk)
    assert {record for _op, _table, record in log.rows} == {first.pk, second.pk}


@pytest.mark.django_db
def test_a_deletion_names_what_goes_with_it_and_the_records_at_the_other_end():
    rows = make_rows()
    record = rows[Record][0].pk
    with Log() as log:
        Record.objects.get(pk=record).delete()
    assert set(log.rows) == {
        ("D", model._meta.db_table, owner)
        for model, (_row, owners) in rows.items()
        if record in owners
        for owner in owners
    }


@pytest.mark.django_db
def test_what_is_rolled_back_is_not_logged():
    record = make_event()
    with Log() as log, transaction.atomic():
        Record.objects.filter(pk=record.pk).update(title="B")
        assert Change.objects.filter(id__gt=log.since).count() == 1
        transaction.set_rollback(True)
    assert log.rows == []


@pytest.mark.django_db
def test_the_log_says_when():
    record = make_event()
    at = Change.objects.order_by("id").last().at
    assert abs((record.updated - at).total_seconds()) < 60
    assert at.tzinfo is not None


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_table_emptied_as_a_whole_is_logged_without_a_record():
    make_event().names.create(text="A")
    with Log() as log, connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE governance_name")
    assert log.rows == [("T", "governance_name", None)]


def test_a_position_is_written_and_read():
    assert str(Position(812, 40)) == "812.40"
    assert Position.parse("812.40") == Position(812, 40)
    assert Position.parse("812.40+815+817") == Position(812, 40, (815, 817))
    assert str(Position(812, 40, (815, 817))) == "812.40+815+817"
    assert Position.parse(str(Position())) == Position() == (0, 0, ())
    assert Position(1, 9) < Position(2, 1)
    for text in ("", "40", "812.", ".40", "a.b", "1.2.3", "-1.2", "1.2+", "1.2+x", " 1.2", "²."):
        with pytest.raises(ValueError, match="position"):
            Position.parse(text)


@pytest.mark.django_db(transaction=True)
def test_a_log_is_read_in_order_from_any_position():
    settle()
    start = Change.objects.head()
    ids = [make_event().pk for _ in range(5)]
    settle()
    read = list(Change.objects.after(start))
    assert sorted({change.record_id for change in read}) == ids
    assert [change.place for change in read] == sorted(change.place for change in read)
    assert Change.objects.head() == read[-1].place
    assert list(Change.objects.after(read[6].place)) == read[7:]
    assert list(Change.objects.after(Change.objects.head())) == []


@pytest.mark.django_db(transaction=True)
def test_the_token_stays_while_nothing_is_written_and_differs_after_each_write():
    make_event()
    settle()
    tokens = [Change.objects.all().token()]
    assert Change.objects.all().token() == tokens[0]
    for _ in range(3):
        make_event()
        tokens.append(Change.objects.all().token())
    assert len(set(tokens)) == 4


class Writer(threading.Thread):
    """A transaction of its own that goes on when it is told to."""

    def __init__(self, record: int) -> None:
        super().__init__(daemon=True)
        self.record = record
        self.written, self.go_on = threading.Event(), threading.Event()
        self.start()
        assert self.written.wait(10)

    def run(self) -> None:
        with transaction.atomic():
            Name.objects.create(record_id=self.record, text="A")
            self.written.set()
            self.go_on.wait(10)
        connections.close_all()

    def commit(self) -> None:
        self.go_on.set()
        self.join(10)


@pytest.fixture
def writer():
    """Make writers; those that still run at the end are told to finish."""
    writers = []

    def make(record: int) -> Writer:
        writers.append(Writer(record))
        return writers[-1]

    yield make
    for each in writers:
        each.commit()


class Reader:
    """Polls the log and remembers how far it has come."""

    def __init__(self) -> None:
        settle()
        self.position = Change.objects.head()

    def poll(self) -> list[int]:
        rows = list(Change.objects.after(self.position))
        self.position = rows[-1].place if rows else self.position
        return [row.record_id for row in rows]

    def poll_for(self, number: int) -> list[int]:
        """Poll until so many changes were read, which is at once where nothing else runs on the server."""
        read: list[int] = []
        until = time.monotonic() + 60
        while len(read) < number and time.monotonic() < until:
            read += self.poll()
        return read


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_transactions_that_commit_out_of_order_are_each_read_once(writer):
    events = [make_event().pk for _ in range(4)]
    reader, read = Reader(), []
    first, second, third = (writer(event) for event in events[:3])
    third.commit()
    assert reader.poll() == []  # the first may still write what comes before
    first.commit()
    read += reader.poll_for(1)
    assert read + reader.poll() == events[:1]  # the second still runs
    fourth = writer(events[3])
    second.commit()
    read += reader.poll_for(2)
    assert read + reader.poll() == events[:3]
    fourth.commit()
    assert read + reader.poll_for(1) == events
    assert reader.poll() == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_index_goes_past_a_transaction_that_stays_open_and_misses_nothing_of_it(writer):
    events = [make_event().pk for _ in range(2)]
    settle()
    start = Change.objects.reach()
    slow, quick = (writer(event) for event in events)
    quick.commit()
    beyond = Change.objects.reach()
    assert beyond[:2] == start[:2] and len(beyond.beyond) == 1
    assert {change.record_id for change in Change.objects.between(start, beyond)} == {events[1]}
    assert not Change.objects.reached_by(start)
    assert Change.objects.reached_by(Position.parse(str(beyond)))
    slow.commit()
    later = Change.objects.reach()
    assert {change.record_id for change in Change.objects.between(beyond, later)} == {events[0]}
    assert not Change.objects.reached_by(beyond)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_token_differs_after_each_commit_also_after_a_late_one(writer):
    events = [make_event().pk for _ in range(3)]
    settle()
    tokens = [Change.objects.all().token()]
    first, second, third = (writer(event) for event in events)
    assert Change.objects.all().token() == tokens[0]  # what is not committed is not seen
    for each in (third, first, second):
        each.commit()
        tokens.append(Change.objects.all().token())
    assert len(set(tokens)) == 4


@pytest.mark.django_db(transaction=True)
def test_a_reader_meets_every_change_of_many_writers_once():
    events = [make_event().pk for _ in range(4)]
    reader, read = Reader(), []

    def write(event: int) -> None:
        for number in range(12):
            with transaction.atomic():
                Name.objects.create(record_id=event, text="A")
                time.sleep(0.003 * (number % 3))
                Name.objects.create(record_id=event, text="B")
        connections.close_all()

    threads = [threading.Thread(target=write, args=(event,), daemon=True) for event in events]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        read += reader.poll()
    settle()
    read += reader.poll()
    assert Counter(read) == dict.fromkeys(events, 24)


def triggers() -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_triggers_survive_migrations_that_rebuild_a_table():
    """On SQLite also of a table that the triggers of others name: the log, and provisions."""
    provision = make_provision(make_instrument(), "Article 1", make_principle())
    before, head = triggers(), Change.objects.head()
    remove_triggers(using="default", plan=[(Migration("0002", "instruments"), False)])
    for model, name in ((Change, "table"), (Record, "title"), (type(provision), "label"), (Name, "text")):
        old, new = model._meta.get_field(name), model._meta.get_field(name).clone()
        new.set_attributes_from_name(name)
        new.model, new.max_length = model, 333
        with connection.schema_editor() as editor:
            editor.alter_field(model, old, new, strict=True)
        with connection.schema_editor() as editor:
            editor.alter_field(model, new, old, strict=True)
    install_triggers()
    assert triggers() == before and len(before) >= len(watched_tables())
    if connection.vendor == "sqlite":
        assert [(row.op, row.record_id) for row in Change.objects.after(head)] == [("T", None)]
    with Log() as log:
        provision.principles.update(strength="implied")
    assert len(log.rows) == 2


@pytest.mark.django_db
def test_a_migration_of_other_apps_leaves_the_triggers_alone():
    before, count = triggers(), Change.objects.count()
    remove_triggers(using="default", plan=[(Migration("0002", "sessions"), False)])
    remove_triggers(using="default", plan=[])
    assert triggers() == before
    install_triggers()
    assert triggers() == before and Change.objects.count() == count
