"""The published schema says what the models say."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from migsim.provenance.parameters import registry
from migsim.scenario import schema as models
from migsim.scenario.files import shipped_files
from migsim.scenario.json_schema import field_docstrings, json_schema
from migsim.scenario.load import load, shipped
from migsim.scenario.yaml_reader import read_yaml

DOCUMENT = Path(__file__).parents[2] / "docs" / "scenarios.md"
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def as_json(content):
    return json.loads(json.dumps(content))


def complaints(schema, content):
    """What a validator says against the content, one message a fault."""
    return [fault.message for fault in jsonschema.Draft202012Validator(schema).iter_errors(content)]


@pytest.fixture(scope="module")
def schema():
    return json_schema()


def test_schema_is_a_schema(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    json.dumps(schema, allow_nan=False)


@pytest.mark.parametrize("name", shipped())
def test_shipped_scenarios_obey_it(schema, name):
    assert not complaints(schema, as_json(load(name).content))


@pytest.mark.parametrize("name", shipped())
def test_shipped_files_as_they_stand_obey_it(schema, name):
    tree = read_yaml(shipped_files()[name].read_bytes(), name)
    assert not complaints(schema, as_json(tree.plain()))


def test_documented_examples_obey_it(schema):
    assert len(EXAMPLES) >= 2
    for text in EXAMPLES:
        assert not complaints(schema, as_json(read_yaml(text, "example").plain()))


@pytest.mark.parametrize(
    "content",
    [
        {"shocks": {"recession": {"scale": 0.5}, "syria": None, "slump": {"change": {"2010": None}}}},
        {"shocks": None, "processes": None, "states": None, "years": {"last": None}, "record": None},
        {"processes": {"gfmd": None, "rcm": {"agenda": None, "protocol": {"tolerance": None}}}},
        {"processes": {"gfmd": {"sessions": None, "switches": {"texts": None}, "max_themes": None}}},
        {"world": {"flows": {"hump": None, "network": None}, "economy": None}, "levers": None},
    ],
)
def test_a_file_may_change_or_take_away_what_its_parent_sets(schema, content):
    assert not complaints(schema, {"extends": "gfmd-2007-2015", **content})


@pytest.mark.parametrize(
    "content",
    [
        {"years": {"last": 2060}},
        {"yeers": {}},
        {"states": []},
        {"states": ["BEL"]},
        {"extends": None},
        {"name": None},
        {"record": [None]},
        {"processes": {"gfmd": {"sessions": [None]}}},
        {"processes": {"gfmd": {"sessions": [{"chair": "BEL"}]}}},
        {"processes": {"gfmd": {"max_themes": "2"}}},
        {"world": {"flows": {"network": "0.8"}}},
        {"shocks": {"a": {"kind": "recession", "origin": "SYR"}}},
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
