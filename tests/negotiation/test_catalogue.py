"""The protocols side by side."""

import migsim as ms
from migsim.negotiation.catalogue import COLUMNS
from migsim.negotiation.registry import protocol_names


def test_every_protocol_has_a_row_without_gaps():
    table = ms.protocols()
    assert tuple(table.columns) == COLUMNS
    assert tuple(table["name"]) == protocol_names()
    assert table.map(lambda cell: cell != "").all().all()
    assert table["title"].is_unique


def test_properties_say_which_options_change_them():
    table = ms.protocols().set_index("name")
    assert table.loc["compromise", "deterministic"] == "yes"
    assert table.loc["no_objection", "deterministic"] == "yes, unless readings is set"
    assert table.loc["smp", "deterministic"] == "yes, unless state_transition is Stochastic"
    assert table.loc["single_text", "deterministic"] == "no"
    assert table.loc["majority", "cost"] == "at most n², unless rule is condorcet"
    assert table.loc["exchange", "cost"] == "above n²"
