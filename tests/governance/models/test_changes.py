"""The change log: nothing is written without it, by whatever way."""

import pytest
from django.apps import apps
from django.db import connection, models, transaction
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
