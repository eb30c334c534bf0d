"""Readings at which chance decides who takes the floor, against a plain re-telling and their limit."""

from dataclasses import replace
from math import exp, floor

import numpy as np
import pytest

from migsim.negotiation import Table
from migsim.negotiation.no_objection import Options, negotiate
from tests.negotiation.rooms import chance

N, ROWS = 12, 40


def rooms(tolerance=0.15, largest=0.3, n_paragraphs=1, seed=3):
    """Many rooms of twelve states."""
    luck = np.random.Generator(np.random.PCG64(seed))
    shape = (ROWS, N, n_paragraphs)
    position = luck.random(shape)
    return Table(
        position=position,
        salience=luck.random(shape),
        tolerance=np.full(shape, tolerance),
        weight=np.ones(shape[:2]),
        seated=np.ones(shape[:2]),
        may_block=np.ones(shape[:2]),
        objects=np.zeros(shape),
        draft=position.mean(axis=1),
        group=np.arange(N, dtype=np.intp) % 3,
        max_ambiguity=largest,
    )


def text_of(table, **options):
    return negotiate(table, Options(**options), chance(N, ROWS)).text


def told(rows, begin, largest, options, luck, noted):
    """One paragraph read out, as the page says it."""
    (z, a), step = begin, options.concession
    for draws in luck[: options.readings]:
        lost = [s * max(0.0, abs(z - x) - a) for x, s, _ in rows]
        says = [
            loss > 0.0 and u < 1.0 / (1.0 + exp(-max(-700.0, min(700.0, (loss - t) / options.hesitation))))
            for (_, _, t), loss, u in zip(rows, lost, draws, strict=True)
        ]
        above = [x for (x, _, _), said in zip(rows, says, strict=True) if said and x >= z]
        below = [x for (x, _, _), said in zip(rows, says, strict=True) if said and x < z]
        if len(above) <= noted and len(below) <= noted:
            return z, a, True
        toward = z + step if all(x > z for x in above) and not below else z - step if not above else None
        toward = None if toward is None else min(max(toward, 0.0), 1.0)
        silent = [row for row, said in zip(rows, says, strict=True) if not said]
        if toward is not None and all(s * max(0.0, abs(toward - x) - a) <= t for x, s, t in silent):
            z = toward
        else:
            a += step
        if a > largest + 1e-12:
            return z, a, False
    return z, a, False


@pytest.mark.parametrize("start", ["settled", "draft"])
@pytest.mark.parametrize("share", [0.0, 0.1])
def test_a_plain_retelling_reads_the_same(start, share):
    table = rooms()
    options = Options("share", share, 0.0, 5, 0.05, 0.03, start)
    text = negotiate(table, options, chance(N, ROWS)).text
    closed = negotiate(table, Options("share", share), chance(N, ROWS)).text
    luck = chance(N, ROWS).uniform_by_actor(5, 1)
    n_adopted = 0
    for row in range(ROWS):
        rows = list(
            zip(*(getattr(table, f)[row, :, 0] for f in ("position", "salience", "tolerance")), strict=True)
        )
        settled = closed.position[row, 0], closed.ambiguity[row, 0]
        if start == "settled" and not closed.adopted[row, 0]:
            continue
        begin = settled if start == "settled" else (table.draft[row, 0], 0.0)
        z, a, is_adopted = told(rows, begin, 0.3, options, luck[row, :, 0], floor(share * N))
        assert text.adopted[row, 0] == is_adopted
        if is_adopted:
            assert text.position[row, 0] == pytest.approx(z, abs=1e-12)
            assert text.ambiguity[row, 0] == pytest.approx(a, abs=1e-12)
        n_adopted += is_adopted
    assert 0 < n_adopted < ROWS


@pytest.mark.parametrize(("hesitation", "concession"), [(1e-5, 1e-3), (1e-6, 1e-4)])
def test_as_chance_fades_the_readings_become_the_closed_form(hesitation, concession):
    table = rooms(largest=0.5)
    closed = text_of(table)
    read = text_of(table, readings=5, hesitation=hesitation, concession=concession)
    np.testing.assert_array_equal(read.adopted, closed.adopted)
    on = closed.adopted > 0.0
    assert on.sum() > ROWS / 2
    assert np.abs(read.position - closed.position)[on].max() <= concession + 1e-9
    assert np.abs(read.ambiguity - closed.ambiguity)[on].max() <= concession + 1e-9


def test_begun_at_the_draft_a_few_readings_make_little_ambiguity():
    table = rooms()
    closed, read = text_of(table), text_of(table, readings=5, start="draft")
    assert read.adopted.mean() < 0.5 * closed.adopted.mean()
    assert read.ambiguity[read.adopted > 0.0].max() <= 5 * 0.02 + 1e-12
    patient = text_of(table, readings=60, start="draft", hesitation=1e-6)
    assert (patient.adopted == closed.adopted).mean() > 0.9


def test_who_loses_nothing_keeps_silent():
    table = replace(rooms(), salience=np.zeros((ROWS, N, 1)))
    text = text_of(table, readings=1, hesitation=1.0)
    assert np.all(text.adopted == 1.0)
    assert not text.against.any()


def test_a_delegation_may_object_at_every_reading_or_at_none():
    table = rooms(tolerance=2.0)
    stubborn, mute = np.zeros((ROWS, N, 1)), np.full((ROWS, N, 1), -1.0)
    stubborn[:, 0] = 1.0
    assert np.all(text_of(replace(table, objects=stubborn), readings=5).adopted == 0.0)
    quiet = text_of(replace(table, tolerance=0.0 * table.tolerance, objects=mute), readings=1, hesitation=1.0)
    assert np.all(quiet.adopted == 1.0)


def test_a_group_objects_when_more_than_half_of_it_does():
    table = rooms(tolerance=2.0)
    one, most = np.zeros((ROWS, N, 1)), np.zeros((ROWS, N, 1))
    one[:, [0, 3]] = 1.0
    most[:, [0, 3, 6]] = 1.0
    groups = {"who_can_block": "regional_groups", "readings": 3, "start": "draft"}
    assert np.all(text_of(replace(table, objects=one), **groups).adopted == 1.0)
    assert np.all(text_of(replace(table, objects=most), **groups).adopted == 0.0)


def test_one_room_reads_as_it_does_among_many():
    table = rooms(n_paragraphs=3)
    many = negotiate(table, Options(readings=5), chance(N, ROWS)).text
    for row in (0, 17, 39):
        some = np.arange(3, dtype=np.intp)
        alone = negotiate(table.at(row, some), Options(readings=5), chance(N, ROWS).at(row)).text
        for field in ("position", "ambiguity", "adopted", "strength", "against"):
            np.testing.assert_array_equal(getattr(alone, field), getattr(many, field)[row])


def test_the_order_of_delegations_does_not_matter():
    table = rooms().at(0, np.arange(1, dtype=np.intp))
    order = np.random.Generator(np.random.PCG64(1)).permutation(N)
    luck = chance(N).at(0)
    one = negotiate(table, Options(readings=5, start="draft"), luck).text
    shuffled = replace(chance(N).at(0), seats=luck.seats[order])
    other = negotiate(table.of(order), Options(readings=5, start="draft"), shuffled).text
    assert one.position.item() == pytest.approx(other.position.item(), abs=1e-12)
    assert one.ambiguity.item() == pytest.approx(other.ambiguity.item(), abs=1e-12)
