"""A user's own figures in a scenario: from a CSV file to its key ``facts``, and what they must obey.

A scenario file names a file beside it, ``facts: my-facts.csv``, with the columns ``state``, ``quantity``,
``year``, ``value`` and ``source``. Its rows become the mapping ``facts.<state>.<quantity>.<year>``, each
value with the line that it came from: so they are part of what the scenario means, of its hash and of what it
writes down, and the file itself is not looked at again.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from migsim.errors import Fault, InputError, ScenarioError, shown
from migsim.facts.codes import BASE_YEAR, state_names
from migsim.facts.naming import state_code, unknown_state
from migsim.facts.own import QUANTITIES, Own, Quantity, on_corridors, recorded
from migsim.facts.user_csv import Row, number_in, rows_of
from migsim.scenario.files import file_in_folder, read_bytes, shown_path
from migsim.scenario.tree import Node, Place, fault_at

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["COLUMNS", "KEY", "broken_facts", "facts_record", "facts_text", "read_facts", "with_facts_read"]

KEY: Final = "facts"
COLUMNS: Final = ("state", "quantity", "year", "value", "source")
SLACK: Final = 1.05
"""By how much corridors may exceed a total, as in the figures themselves."""
LONGEST_SOURCE: Final = 300


def with_facts_read(tree: Node, file: Path | None = None) -> Node:
    """The tree with the file that its key ``facts`` names, if it names one, read in.

    Parameters
    ----------
    tree
    file
        The scenario file, beside which the other lies; without one (an option, Python) it is found from the
        folder that the user is in.

    Raises
    ------
    ScenarioError
        If the file is not there or not what it should be.
    """
    named = tree.get(KEY)
    if named is None or not isinstance(named.value, str):
        return tree
    path = Path(named.value) if file is None else file_in_folder(file, named, KEY)
    return tree.having(KEY, replace(read_facts(path, named.place), key=named.key))


def read_facts(path: str | os.PathLike[str], asked_at: Place | None = None) -> Node:
    """The figures of a CSV file as a tree: state, quantity, year, and below it value and source.

    Parameters
    ----------
    path
        CSV with the columns of `COLUMNS`, states by code or name.
    asked_at
        Where the file was named, if in another.

    Raises
    ------
    InputError
        If the path is none.
    ScenarioError
        With everything in the file that cannot be read.
    """
    if not isinstance(path, str | os.PathLike):
        raise InputError(f"facts: found {shown(path)}; allowed is the path of a CSV file")
    file = Path(path)
    name = shown_path(file)
    rows, faults = rows_of(read_bytes(file, asked_at, KEY if asked_at else ""), name, COLUMNS)
    found: dict[str, dict[str, dict[str, Node]]] = {}
    lines: dict[tuple[str, str, str], int] = {}
    for row in rows:
        place = Place(name, row.line, 1)
        wrong = [*_unread(row, place)] or [*_unfit(row, place)]
        state = state_code(row["state"]) or ""
        key = (state, row["quantity"], row["year"])
        if not wrong and key in lines:
            said = f"{row['quantity']} of {state} in {row['year']} a second time"
            wrong = [fault_at(place, "", said, "each figure once", f"line {lines[key]} has it; delete one")]
        faults += wrong
        if not wrong:
            lines[key] = row.line
            number, _ = number_in(row["value"])
            figure = {"value": Node(number, place, place), "source": Node(row["source"], place, place)}
            by_year = found.setdefault(state, {}).setdefault(row["quantity"], {})
            by_year[row["year"]] = Node(figure, place, place)
    if not rows and not faults:
        faults.append(
            fault_at(Place(name, 1, 1), "", "no rows", "a figure or more", "add one, or leave it out")
        )
    if faults:
        raise ScenarioError(faults)
    return _nodes(found, Place(name))


def facts_text(definition: Scenario) -> str:
    """The own figures of a scenario as CSV, ours beside them; empty if it has none. It can be read again."""
    own = definition.own_facts
    if not own:
        return ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*COLUMNS, "unit", "ours"))
    for each in own:
        ours = recorded(each.state, each.quantity, each.year)
        row = (each.state, each.quantity, each.year, _plain(each.value), _source(definition, each))
        writer.writerow((*row, QUANTITIES[each.quantity].unit, "" if ours is None else _plain(ours)))
    return text.getvalue()


def facts_record(definition: Scenario) -> dict[str, object] | None:
    """What a manifest says of own figures: how many, of which states and quantities, and their sources."""
    own = definition.own_facts
    if not own:
        return None
    return {
        "figures": len(own),
        "states": list(dict.fromkeys(each.state for each in own)),
        "quantities": sorted({each.quantity for each in own}),
        "sources": sorted({_source(definition, each) for each in own}),
    }


def _plain(value: float) -> str:
    """A number as short as it can be told exactly."""
    return str(int(value)) if value.is_integer() else repr(value)


def _source(definition: Scenario, own: Own) -> str:
    return str(definition.content[KEY][own.state][own.quantity][str(own.year)]["source"])


def _nodes(found: dict[str, dict[str, dict[str, Node]]], place: Place) -> Node:
    states = {
        state: Node(
            {quantity: Node(by_year, place, place) for quantity, by_year in quantities.items()}, place, place
        )
        for state, quantities in found.items()
    }
    return Node(states, place, place)


def _unread(row: Row, place: Place) -> Iterator[Fault]:
    """What cannot be read in a row; what may stand there is for `broken_facts` to say."""
    if state_code(row["state"]) is None:
        yield fault_at(place, "state", *unknown_state(row["state"]))
    if row["quantity"] not in QUANTITIES:
        yield fault_at(place, "quantity", *_unknown_quantity(row["quantity"]))
    if not (row["year"].isascii() and row["year"].isdigit() and len(row["year"]) == 4):
        allowed = "a year of four figures"
        yield fault_at(place, "year", f"year {shown(row['year'])}", allowed, "write one, such as 2005")
    number, remedy = number_in(row["value"])
    if number is None:
        yield fault_at(place, "value", f"value {shown(row['value'])}", "a number", remedy)


def _unfit(row: Row, place: Place) -> Iterator[Fault]:
    """What a row may not say, though it can be read: so that all faults of a file are told together."""
    node = Node(
        {
            "value": Node(number_in(row["value"])[0], place, place),
            "source": Node(row["source"], place, place),
        },
        place,
        place,
    )
    state, quantity = state_code(row["state"]) or "", row["quantity"]
    path = f"{KEY}.{state}.{quantity}.{row['year']}"
    yield from _broken(path, state, quantity, row["year"], node)


def broken_facts(tree: Node) -> Iterator[Fault]:
    """The faults of own figures: unknown names, years and values out of range, a source that is missing."""
    facts = tree.get(KEY)
    for state, quantities in facts.members() if facts else ():
        path = f"{KEY}.{state}"
        if state not in state_names():
            yield fault_at(quantities.key, path, *unknown_state(state))
            continue
        for name, by_year in quantities.members():
            if name not in QUANTITIES:
                yield fault_at(by_year.key, f"{path}.{name}", *_unknown_quantity(name))
                continue
            for year, figure in by_year.members():
                yield from _broken(f"{path}.{name}.{year}", state, name, year, figure)
            yield from _twice(f"{path}.{name}", name, by_year)
        yield from _beside_each_other(path, state, quantities)


def _unknown_quantity(name: str) -> tuple[str, str, str]:
    near = get_close_matches(name, list(QUANTITIES), n=1, cutoff=0.5)
    allowed = f"one of {', '.join(QUANTITIES)}"
    return f"unknown quantity {shown(name)}", allowed, f"did you mean {near[0]}?" if near else "choose one"


def _broken(path: str, state: str, name: str, year: str, figure: Node) -> Iterator[Fault]:
    quantity = QUANTITIES[name]
    if not year.isdecimal() or int(year) not in quantity.years:
        found, allowed = f"{name} of {shown(year)}", f"of {name}, {quantity.years_text}"
        yield fault_at(figure.key, path, found, allowed, "the model begins in 2005 and uses no other year")
    value, source = figure.get("value"), figure.get("source")
    number = value.value if value else None
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    if value and is_number and not quantity.low <= number <= quantity.high:  # type: ignore[operator]
        allowed = f"{quantity.range_text} {quantity.unit}"
        yield fault_at(value.place, path, f"{number:,.15g}", allowed, _perhaps(quantity, state, name, year))
    text = source.value if source else None
    if isinstance(figure.value, dict) and (not isinstance(text, str) or not text.strip()):
        found, allowed = "no source", "where the figure is from, in words"
        place = source.place if source else figure.place
        yield fault_at(place, f"{path}.source", found, allowed, "write for instance: INEGI, census of 2005")


def _perhaps(quantity: Quantity, state: str, name: str, year: str) -> str:
    """Our figure, by which a wrong unit is seen."""
    ours = recorded(state, name, int(year)) if year.isdecimal() and int(year) in quantity.years else None
    return "check the unit" + ("" if ours is None else f"; ours is {ours:,.15g}")


def _twice(path: str, name: str, by_year: Node) -> Iterator[Fault]:
    years = [*by_year.members()]
    if QUANTITIES[name].is_one_year and len(years) > 1:
        found, allowed = f"{name} of {len(years)} years", "one year, for it is taken as it stands"
        yield fault_at(years[-1][1].key, path, found, allowed, "keep the one nearest to 2005")


def _beside_each_other(path: str, state: str, quantities: Node) -> Iterator[Fault]:
    """Totals that our corridors exceed, and more immigrants than people."""

    def own(name: str, year: int) -> tuple[float | None, Node | None]:
        node = quantities.find(f"{name}.{year}.value")
        value = node.value if node else None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return (float(value), node) if is_number else (recorded(state, name, year), None)  # type: ignore[arg-type]

    for name in ("immigrants", "emigrants"):
        for year in QUANTITIES[name].years:
            total, node = own(name, year)
            if node is None or total is None or total * SLACK >= (least := on_corridors(state, name, year)):
                continue
            allowed = f"at least {least:,.0f}, whom our corridors of {year} hold already"
            said = "corridors cannot be replaced; leave the total out"
            yield fault_at(node.place, f"{path}.{name}.{year}", f"{total:,.0f} {name}", allowed, said)
    people, node = own("population", BASE_YEAR)
    hosted, other = own("immigrants", BASE_YEAR)
    at = node or other
    if at is not None and people is not None and people <= (hosted or 0.0):
        found = f"a population of {people:,.0f} with {hosted or 0:,.0f} immigrants"
        yield fault_at(
            at.place, f"{path}.population.{BASE_YEAR}", found, "more people than immigrants", "mend one"
        )
