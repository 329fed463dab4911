"""Figures for Prometheus: off unless they are wanted, added up over processes, and without a word on any person."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from governance.metrics import Figures, folder


@pytest.fixture
def measured(settings, tmp_path: Path) -> None:
    settings.METRICS = True
    settings.DATA_DIR = tmp_path


@pytest.mark.django_db
def test_there_are_no_metrics_unless_they_are_wanted(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status(measured: None, client: Client) -> None:
    for address in ("/healthz", "/healthz", "/instruments/not-there/?q=secret"):
        client.get(address)
    text = client.get("/metrics").content.decode()
    assert 'migration_governance_requests_total{view="healthz",status="200"} 2\n' in text
    assert 'migration_governance_requests_total{view="record",status="404"} 1\n' in text
    assert 'migration_governance_request_seconds_count{view="healthz"} 2\n' in text
    assert 'migration_governance_ready{part="database"} 1\n' in text
    assert re.search(r'migration_governance_behind_changes\{part="index"\} \d+\n', text)
    assert "secret" not in text


@pytest.mark.django_db
def test_every_line_has_the_form_that_prometheus_reads(measured: None, client: Client) -> None:
    client.get("/healthz")
    sample = re.compile(r'[a-z_]+\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\} [0-9.e+-]+')
    for line in client.get("/metrics").content.decode().splitlines():
        assert re.match(r"# (HELP|TYPE) [a-z_]+ \S", line) or sample.fullmatch(line), line


def test_buckets_add_up_and_processes_are_added(measured: None) -> None:
    one, other = Figures(), Figures()
    for seconds in (0.001, 0.3, 60):
        one.observe("home", 200, seconds)
    other.observe("home", 200, 0.3)
    total = Figures.of_all()
    assert total.requests["home 200"] == 4
    assert [total.buckets[f"home {n}"] for n in (0, 6, 11)] == [1, 2, 1]


def test_a_folder_that_cannot_be_written_costs_no_answer(measured: None) -> None:
    folder().write_text("a file where the folder should be")
    Figures().observe("home", 200, 0.1)


def test_half_a_file_is_never_read(measured: None) -> None:
    figures = Figures()
    figures.observe("home", 200, 0.1)
    (folder() / "draft.part").write_text("[{")
    assert json.loads(next(folder().glob("*.json")).read_text())[0] == {"home 200": 1}
    assert Figures.of_all().requests["home 200"] == 1
