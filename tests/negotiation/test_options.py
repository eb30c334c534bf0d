"""Options of protocols: declared once, taken from words and values, refused all at once."""

from dataclasses import dataclass

import pytest

from migsim.errors import ScenarioError
from migsim.negotiation import protocol, protocol_names
from migsim.negotiation.options import choice, chosen, faults_of, flag, number, options_of, whole


@dataclass(frozen=True)
class Options:
    """Options of a made-up protocol."""

    rule: str = choice("None", ("None", "Half"), "which rule")
    pull: float = number(0.5, 0.0, 1.0, "how hard", "phi")
    rounds: int = whole(5, 1, 10, "how long")
    is_open: bool = flag(True, "whether the doors are open")


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({"rule": "half"}, "rule", "Half"),
        ({"rule": None}, "rule", "None"),
        ({"RULE": "Half"}, "rule", "Half"),
        ({"phi": "0.25"}, "pull", 0.25),
        ({"pull": 1}, "pull", 1.0),
        ({"rounds": "7"}, "rounds", 7),
        ({"rounds": 7.0}, "rounds", 7),
        ({"is_open": "False"}, "is_open", False),
    ],
)
def test_words_and_values_are_taken(given, name, value):
    taken = getattr(chosen(Options, given), name)
    assert taken == value
    assert type(taken) is type(value)


def test_what_is_not_given_is_the_default():
    assert chosen(Options, {}) == Options("None", 0.5, 5, True)
    assert [option.default for option in options_of(Options).values()] == ["None", 0.5, 5, True]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rul": "Half"}, "did you mean rule?"),
        ({"rule": "Hal"}, "allowed: None, Half"),
        ({"pull": 1.5}, "allowed: a number, 0 to 1"),
        ({"pull": "nan"}, "allowed: a number"),
        ({"pull": True}, "allowed: a number"),
        ({"pull": [1]}, "allowed: a number"),
        ({"rounds": 2.5}, "allowed: a whole number, 1 to 10"),
        ({"rounds": 11}, "allowed: a whole number, 1 to 10"),
        ({"is_open": 1}, "allowed: true, false"),
        ({"pull": 0.1, "phi": 0.2}, "given twice"),
    ],
)
def test_what_is_not_allowed_is_refused(given, said):
    with pytest.raises(ScenarioError) as caught:
        chosen(Options, given)
    assert said in str(caught.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(ScenarioError) as caught:
        chosen(Options, {"rul": 1, "pull": 7, "rounds": "many"})
    assert len(caught.value.faults) == 3
    assert [name for name, _ in faults_of(Options, {"rul": 1, "pull": 7}, "x")] == ["rul", "pull"]


@pytest.mark.parametrize("name", protocol_names())
def test_every_protocol_s_defaults_are_allowed_and_explained(name):
    way = protocol(name)
    for option in options_of(way.options).values():
        assert option.taken(option.default) == option.default
        assert option.meaning
    assert way.title
    assert way.reference
    assert way.summary.endswith(".")
    assert way.who_may_block
