"""Any text at all ends in a tree or in located faults."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migsim.errors import ScenarioError
from migsim.scenario.yaml_reader import read_yaml

YAMLISH = st.text(
    st.sampled_from("ab:-[]{}?!&*#|>%@`'\",\\ \n\t\r~0123.e<=/_xNO") | st.characters(), max_size=60
)


def outcome(source):
    try:
        return read_yaml(source, "f").plain()
    except ScenarioError as error:
        return error.faults


@settings(max_examples=600, deadline=None)
@given(YAMLISH)
@example("%TAG ! x\n---\n!a b")
@example('"\\U00110000"')
@example('"\\xzz"')
@example("a: |99\n x")
@example("a: !<")
@example("? ?")
@example("...\n...")
@example("--- |\n\tx")
@example("\ufeff\ufeffa: 1")
@example("a: *\n")
@example("key: [a]]")
@example("'\\ud800'")
@example('"\\ud800"')
def test_any_text_ends_well(text):
    result = outcome(text)
    if isinstance(result, tuple) and result and hasattr(result[0], "line"):
        assert all(fault.line >= 1 and fault.column >= 1 for fault in result)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_end_well(content):
    """In plain values, or in faults that can be shown."""
    ended = outcome(content)
    assert ended is None or isinstance(ended, dict | list | tuple | str | int | float | bool)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("true", True), ("~", None), ("", None), ("012", 12),
        ("0o12", 10), ("0x1F", 31), ("1_000", "1_000"),
        ("12:30", "12:30"), ("2006-01-01", "2006-01-01"), ("1.", 1.0),
        (".5", 0.5), ("-1e3", -1000.0), ("'1'", "1"), ('"true"', "true"), ("0b1", "0b1"), ("=", "="),
    ],
)  # fmt: skip
def test_scalars_are_those_of_yaml_1_2(text, value):
    read = outcome(f"a: {text}\n")["a"]
    assert (read, type(read)) == (value, type(value))
