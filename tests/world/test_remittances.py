"""Money sent home."""

from dataclasses import replace

import numpy as np

from migsim.world.remittances import RemittanceParameters, earnings, send_money
from migsim.world.vocabulary import COEFFICIENTS
from tests.lives import lived, small

MANY = (0, 1, 2)


def test_receipts_of_2005_are_reproduced_by_the_rule():
    life = lived(small(), MANY, "ranged")
    again = send_money(life.worlds[0], life.setting).transfers
    np.testing.assert_allclose(again.received, life.worlds[0].transfers.received, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(again.sent, life.worlds[0].transfers.sent, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(again.cost, life.worlds[0].transfers.cost, rtol=1e-9)
    np.testing.assert_array_equal(
        life.worlds[0].transfers.cost,
        np.broadcast_to(life.setting.parameters["world.remittances.cost"], again.cost.shape),
    )


def test_what_is_paid_is_received_but_for_the_unattributed():
    life = lived(small(), MANY, "ranged")
    for world in life.worlds:
        received = world.transfers.received - life.setting.base.unattributed_receipts
        np.testing.assert_allclose(received.sum(axis=-1), world.transfers.paid.sum(axis=-1), rtol=1e-9)
        np.testing.assert_allclose(world.transfers.sent.sum(axis=-1), world.transfers.paid.sum(axis=-1))


def test_nobody_sends_more_than_the_largest_share_in_2005():
    life = lived(small(), MANY, "ranged", last=2005)
    p = life.setting.parameters.group(RemittanceParameters, "world.remittances")
    everything = np.ones_like(life.worlds[0].economies.income)
    earned = earnings(life.worlds[0], life.setting, p, everything)
    largest = life.setting.parameters["world.base.largest_remitted_share"]
    assert np.all(life.worlds[0].transfers.sent <= largest * earned * (1 + 1e-12))


def test_cheaper_transfers_bring_more_by_the_elasticity():
    life = lived(small(), MANY, "ranged")
    start, setting = life.worlds[0], life.setting
    host = start.conditions.host.copy()
    host[:, COEFFICIENTS.index("transfer_cost")] = -0.2
    cheaper = replace(start, conditions=replace(start.conditions, host=host))
    before, after = send_money(start, setting).transfers, send_money(cheaper, setting).transfers
    elasticity = setting.parameters["world.remittances.cost_elasticity"]
    np.testing.assert_allclose(after.sent, before.sent * np.exp(0.2 * elasticity), rtol=1e-9)
    np.testing.assert_allclose(after.cost, before.cost * np.exp(-0.2))


def test_unemployment_cuts_what_is_sent():
    life = lived(small())
    start, setting = life.worlds[0], life.setting
    idle = np.minimum(start.economies.migrant_unemployment + 0.1, 1.0)
    worse = replace(start, economies=replace(start.economies, migrant_unemployment=idle))
    assert np.all(send_money(worse, setting).transfers.paid <= send_money(start, setting).transfers.paid)
    assert send_money(worse, setting).transfers.paid.sum() < send_money(start, setting).transfers.paid.sum()
