"""Reading the change log: in order, from any position, also while transactions stay open; nothing missed or twice."""

import threading
import time
from collections import Counter

import pytest
from django.db import connections, transaction

from governance.models import (
    Change,
    Name,
    Position,
)
from tests.factories import (
    make_event,
)


def settle() -> None:
    """Wait until nothing runs that could precede what was written; other databases of the server count too."""
    for _ in range(3000):
        if "+" not in Change.objects.all().token():
            return
        time.sleep(0.02)
    raise TimeoutError("Some transaction does not end.")


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
