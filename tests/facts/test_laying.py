"""Own figures: each moves what it names, and nothing else."""

from dataclasses import fields

import numpy as np
import pytest

from migsim.facts import complete, figures_with, load, wanting_less
from migsim.facts.circumstances import exit_rates
from migsim.facts.own import QUANTITIES, Own, on_corridors, recorded

MEXICO = load().index("MEX")
MOVED = {
    ("population", 2005): {"population": [(MEXICO, 0), (MEXICO, 1)]},
    ("population", 2000): {"population": [(MEXICO, 0)]},
    ("income", 2005): {"income_2005": [(MEXICO,)]},
    ("growth", 2007): {"growth_per_head": [(MEXICO, 6)]},
    ("unemployment", 2005): {"unemployment_2005": [(MEXICO,)]},
    ("unemployment", 2001): {},
    ("remittances_received", 2005): {"remittances_received_2005": [(MEXICO,)]},
    ("remittances_received", 2000): {},
    ("remittances_paid", 2005): {},
    ("immigrants", 2005): {"immigrants": [(MEXICO, 1)]},
    ("emigrants", 2000): {"emigrants": [(MEXICO, 0)]},
    ("wanting_less", 2012): {},
    ("exit_5_years", 2010): {},
}
"""Cells of the completed figures that an own figure of Mexico moves."""
MOVED_FACTS = {
    ("unemployment", 2005): {"unemployment": [(MEXICO, 5)]},
    ("unemployment", 2001): {"unemployment": [(MEXICO, 1)]},
    ("remittances_received", 2005): {
        "remittances_received": [(MEXICO, 5)],
        "remittances_received_2005": [(MEXICO,)],
    },
    ("remittances_received", 2000): {"remittances_received": [(MEXICO, 0)]},
    ("remittances_paid", 2005): {"remittances_paid_2005": [(MEXICO,)]},
    ("immigrants", 2005): {"immigrants": [(MEXICO, 1)]},
    ("emigrants", 2000): {"emigrants": [(MEXICO, 0)]},
}


def moved(before, after):
    """The cells in which two records differ, by the names of their arrays; marks of filling left out."""
    found = {}
    for each in fields(before):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if isinstance(old, np.ndarray) and not each.name.startswith("imputed"):
            cells = np.argwhere(~((old == new) | ((old != old) & (new != new))))
            if cells.size:
                found[each.name] = [tuple(int(n) for n in cell) for cell in cells]
    return found


@pytest.mark.parametrize(("quantity", "year"), MOVED)
def test_a_figure_moves_its_own_cell_and_no_other(quantity, year):
    known = QUANTITIES[quantity]
    value = (recorded("MEX", quantity, year) or 0.4 * known.high) * 1.125
    facts, completed = figures_with((Own("MEX", quantity, year, value),))
    assert moved(complete(load()), completed) == MOVED[quantity, year]
    assert moved(load(), facts) == MOVED_FACTS.get((quantity, year), {})
    for read, name in ((wanting_less, "wanting_less"), (exit_rates, "exit_5_years")):
        ours, laid = read(load()), read(facts)
        if name == quantity:
            assert laid[MEXICO] == value
            laid = laid.copy()
            laid[MEXICO] = ours[MEXICO]
        np.testing.assert_array_equal(ours, laid)


def test_values_stand_where_they_should():
    own = (Own("MEX", "growth", 2007, 5.0), Own("MEX", "population", 2005, 1e8))
    facts, completed = figures_with(own)
    people = facts.population[MEXICO, [facts.year(2006), facts.year(2007)]]
    assert completed.growth_per_head[MEXICO, 6] == pytest.approx(1.05 / (people[1] / people[0]) - 1)
    ours = complete(load()).population[MEXICO]
    assert completed.population[MEXICO] == pytest.approx([1e8 * ours[0] / ours[1], 1e8, ours[2]])
    both = (*own, Own("MEX", "population", 2000, 9e7))
    assert figures_with(both)[1].population[MEXICO, :2] == pytest.approx([9e7, 1e8])


def test_an_own_figure_is_not_counted_as_filled_and_fills_no_other():
    facts, ours = load(), complete(load())
    state = int(np.flatnonzero(ours.imputed_unemployment)[0])
    code = facts.iso3[state]
    _, completed = figures_with((Own(code, "unemployment", 2005, 33.0),))
    assert not completed.imputed_unemployment[state]
    assert completed.imputed_unemployment.sum() == ours.imputed_unemployment.sum() - 1
    # By the rules, a figure of another state would change the median that fills the gaps of its neighbours.
    others = np.arange(facts.n_states) != state
    np.testing.assert_array_equal(completed.unemployment_2005[others], ours.unemployment_2005[others])


def test_without_own_figures_all_is_as_it_was():
    facts, completed = figures_with()
    assert facts is load()
    assert completed is complete(load())
    with pytest.raises(ValueError, match="read-only"):
        figures_with((Own("MEX", "income", 2005, 9e3),))[1].income_2005[0] = 1.0


def test_our_figures_are_told_as_they_stand_in_the_tables():
    facts = load()
    for quantity in ("population", "unemployment", "remittances_received"):
        row = getattr(facts, quantity)[:, facts.year(2005)]
        told = [recorded(code, quantity, 2005) for code in facts.iso3]
        np.testing.assert_array_equal([np.nan if each is None else each for each in told], row)
    assert recorded("MEX", "immigrants", 2005) == facts.immigrants[MEXICO, 1]
    assert recorded("GRC", "wanting_less", 2012) == 0.84
    assert recorded("MEX", "exit_5_years", 2012) is None
    into = facts.corridor_stock[facts.corridor_destination == MEXICO, 1].sum()
    assert on_corridors("MEX", "immigrants", 2005) == pytest.approx(into)
