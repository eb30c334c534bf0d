"""The published schema says what the models say."""

import json

import jsonschema
import pytest

from migsim.provenance.parameters import registry
from migsim.scenario import schema as models
from migsim.scenario.json_schema import field_docstrings, json_schema
from migsim.scenario.load import load, shipped


def as_json(content):
    return json.loads(json.dumps(content))


@pytest.fixture(scope="module")
def schema():
    return json_schema()


def test_schema_is_a_schema(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    json.dumps(schema, allow_nan=False)


@pytest.mark.parametrize("name", shipped())
def test_shipped_scenarios_obey_it(schema, name):
    jsonschema.validate(as_json(load(name).content), schema)


@pytest.mark.parametrize(
    "content",
    [
        {"years": {"last": 2060}},
        {"yeers": {}},
        {"states": []},
        {"shocks": {"a": {"kind": "boom"}}},
        {"processes": {"gfmd": {"sessions": [], "civil_society": "exclude"}}},
        {"processes": {"gfmd": {"sessions": [{"year": 2007, "chair": "BEL", "themes": ["money"]}]}}},
    ],
)
def test_it_refuses_what_the_models_refuse(schema, content):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)


def test_every_field_is_documented():
    sections = [models.Spec, models.Years, models.Process, models.Session, *models.SHOCKS.values()]
    for section in sections:
        for field in section.model_fields:
            assert field_docstrings()[section.__name__][field]


def test_every_parameter_has_title_unit_and_source(schema):
    def fields(node):
        if isinstance(node, dict):
            if "unit" in node and "source" in node:
                yield node
            for inner in node.values():
                yield from fields(inner)

    found = list(fields(schema))
    assert len(found) == len(registry())
    assert all(field["title"] and field["source"] and "default" in field for field in found)
