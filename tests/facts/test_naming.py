"""States by the names that people write."""

import pytest

from migsim.facts.codes import state_names
from migsim.facts.naming import near_states, state_code, unknown_state


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MEX", "MEX"),
        (" mex ", "MEX"),
        ("mexico", "MEX"),
        ("México", "MEX"),
        ("Cote d’Ivoire", "CIV"),
        ("Ivory Coast", "CIV"),
        ("Turkey", "TUR"),
        ("Viet Nam", "VNM"),
        ("Saint Lucia", "LCA"),
        ("Micronesia (Federated States of)", "FSM"),
        ("Korea, Rep.", "KOR"),
        ("Trinidad & Tobago", "TTO"),
    ],
)
def test_codes_and_names_are_known(text, code):
    assert state_code(text) == code


def test_every_short_name_means_its_own_state():
    assert {name: state_code(name) for name in state_names().values()} == {
        name: code for code, name in state_names().items()
    }


@pytest.mark.parametrize("text", ["", "Atlantis", "XXX", "EU", "Kosovo"])
def test_others_are_not(text):
    assert state_code(text) is None


def test_what_is_near_is_proposed():
    assert near_states("Mexcio") == ("MEX",)
    assert near_states("Guinea Bisau")[0] == "GNB"
    assert "MEX" in near_states("MXE")
    assert unknown_state("Mexcio")[2] == "did you mean MEX (Mexico)?"
    assert "delete the row" in unknown_state("Atlantis of the sea")[2]
