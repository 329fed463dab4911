"""The schema of the API, and the API held against it by schemathesis with all its checks."""

import warnings
from importlib import import_module

import jsonschema
import pytest
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import given
from hypothesis import settings as bounded

from governance.api import schema as api_schema
from governance.api.policy import APIThrottle
from governance.knowledge import dump
from governance.models import Record
from governance.wsgi import application
from tests.governance import open_data

pytestmark = [
    pytest.mark.django_db,
    # schemathesis and hypothesis tell of their own coming changes; none of it is ours.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:schemathesis"),
]
EXAMPLES = 12  # of each operation in each mode; `schemathesis run` on a running site has no such bound


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    with open_data.loaded(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def open_knowledge(monkeypatch):
    monkeypatch.setattr(APIThrottle, "THROTTLE_RATES", {"api": None})
    caches["throttle"].clear()
    open_data.load_unless_loaded()


@pytest.fixture(scope="module")
def schemathesis():
    """Imported here, since that takes a second, which would be one for each process of tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("schemathesis")


@pytest.fixture
def described(open_knowledge, schemathesis):
    """The schema, and the application, which must not close the connection that the test's transaction is open on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_nothing_the_schema_allows_or_forbids_breaks_the_api(described, schemathesis, mode):
    tested = []
    mode = schemathesis.GenerationMode(mode)
    for result in described.get_all_operations():
        operation = result.ok()
        if mode.is_negative and not list(operation.iter_parameters()):
            continue  # nothing to ask for wrongly

        @bounded(max_examples=EXAMPLES, deadline=None, database=None)
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case):
            case.call_and_validate()

        holds()
        tested.append(operation.label)
    assert len(tested) >= 5


def test_the_schema_lists_the_values_there_are_and_no_hidden_one():
    document = api_schema.document()
    assert document["openapi"] == "3.1.0"
    assert document["components"]["schemas"]["LevelValue"]["enum"] == ["global"]
    assert document["components"]["schemas"]["PrincipleValue"]["enum"] == ["non-refoulement"]
    assert set(document["paths"]) >= {
        "/api/v1/{plural}/",
        "/api/v1/{plural}/{slug}/",
        "/api/v1/relations/",
        "/api/v1/participation/",
        "/api/v1/changes/",
        "/api/v1/search/",
        "/api/v1/suggestions/",
    }


def test_every_document_has_the_shape_that_is_promised():
    document = api_schema.document()
    shape = {"$ref": "#/components/schemas/Record", "components": document["components"]}
    validator = jsonschema.Draft202012Validator(shape)
    for record in Record.objects.visible_to(None):
        validator.validate(dump(record))


def test_every_reference_leads_somewhere():
    document = api_schema.document()

    def references(node):
        if isinstance(node, dict):
            yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]


def test_an_empty_base_still_has_a_schema():
    Record.objects.all().update(state="draft")
    document = api_schema.document()
    assert "LevelValue" not in document["components"]["schemas"]
    levels = next(p for p in document["paths"]["/api/v1/{plural}/"]["get"]["parameters"] if p["name"] == "level")
    assert levels["schema"]["items"] == {"type": "string"}
