"""``callotasis schema``: made from the types, so that it cannot drift from them."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.util import find_spec
from typing import Any

import pytest

from callotasis.cli.schema import SCHEMAS
from callotasis.exchange import plain
from callotasis.fixation import every_device
from commands import callotasis, printed, refused
from dora import NOTES, ORDER, Files, clicks

Document = dict[str, Any]


def fits(document: Any, schema: Document) -> None:
    """Check a document against a schema, as far as this machine can."""
    if find_spec("jsonschema"):
        import jsonschema

        jsonschema.validate(document, schema)
    assert {*schema.get("required", ())} <= {*document}
    if "properties" in schema and not schema.get("additionalProperties"):
        assert {*document} <= {*schema["properties"]}


def test_every_name_is_listed() -> None:
    outcome = callotasis("schema")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [*SCHEMAS]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one_document_that_describes_an_object(name: str) -> None:
    outcome = callotasis("schema", name)
    assert (outcome.code, outcome.err) == (0, "")
    schema = outcome.document
    assert schema["type"] == "object"
    assert schema.get("properties") or schema.get("additionalProperties")
    missing = [
        reference
        for reference in references(schema)
        if reference.removeprefix("#/$defs/") not in schema.get("$defs", {})
    ]
    assert missing == []


def references(found: Any) -> list[str]:
    """Every reference inside a schema."""
    if isinstance(found, dict):
        own = [found["$ref"]] if isinstance(found.get("$ref"), str) else []
        return own + [r for v in found.values() for r in references(v)]
    if isinstance(found, list):
        return [r for v in found for r in references(v)]
    return []


def test_the_same_schema_is_printed_every_time() -> None:
    assert callotasis("schema", "order").out == callotasis("schema", "order").out


@pytest.mark.parametrize("name", ["", "measure", "Order", "order "])
def test_an_unknown_name_is_refused_with_those_that_are_known(name: str) -> None:
    said = refused("schema", name)
    assert f"schema '{name}' is unknown; known are landmarks, film-spec" in said


def test_a_measurement_fits_its_schema(dora_files: Files) -> None:
    words = ("measure", dora_files.film, "--landmarks", dora_files.landmarks, "--json")
    schema = printed("schema", "measurement")
    for options in ([], ["--ball-mm", "25"]):
        fits(printed(*words, "--worlds=20", *options), schema)


def test_what_people_hand_in_fits_its_schema() -> None:
    fits(clicks().as_json(), printed("schema", "landmarks"))
    fits(json.loads(json.dumps(asdict(NOTES))), printed("schema", "film-notes"))
    fits(plain(ORDER), printed("schema", "order"))


@pytest.mark.parametrize("name", every_device())
def test_a_device_of_the_catalogue_fits_its_schema(name: str) -> None:
    fits(plain(every_device()[name]), printed("schema", "device"))


@pytest.mark.parametrize("key", ["alignment.mldfa", "distraction.rate_stop"])
def test_a_row_of_evidence_fits_its_schema(key: str) -> None:
    fits(printed("evidence", key, "--json"), printed("schema", "evidence"))
