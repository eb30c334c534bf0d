"""Every setting that is varied stands in one group."""

import pytest

import migsim as ms
from migsim.analysis.groups import GROUPS, PARAMETERS, STRUCTURE, group_of, source_of, title_of
from migsim.analysis.space import space_of
from migsim.ensemble.factors import LUCK
from migsim.ensemble.samples import latin_hypercube


@pytest.mark.parametrize("name", ["gfmd-2007-2015", "ecosystem", "chair-summary"])
def test_every_factor_is_in_one_group_and_no_group_is_empty(name):
    paths = [each.path for each in space_of(ms.load(name)).everything]
    assert len(set(paths)) == len(paths)
    groups = [group_of(path) for path in paths]
    assert set(groups) == set(GROUPS)
    assert 8 <= len(GROUPS) <= 14


def test_the_margin_changes_no_world_and_is_no_factor():
    for name in ("gfmd-2007-2015", "ecosystem"):
        assert "triple_win.margin" not in {each.path for each in space_of(ms.load(name)).everything}


def test_no_beginning_of_a_path_stands_in_two_groups():
    starts = [start for group in GROUPS.values() for start in group]
    assert len(set(starts)) == len(starts)


def test_the_longest_beginning_decides():
    assert group_of("world.base.small_stock") == "people and flows"
    assert group_of("world.base.pro") == "opinion"
    assert group_of("processes.gfmd.report.backlash") == STRUCTURE
    assert group_of("processes.gfmd.report.attention") == "session and negotiation"
    assert source_of(LUCK) == LUCK
    assert source_of("levers.equal_pay") == PARAMETERS
    assert source_of("actors.interests.payoff_share") == STRUCTURE
    assert title_of("levers.equal_pay") == "Equal pay and conditions"


def test_a_parameter_of_processes_is_one_factor_alike_in_all():
    """As it is when worlds are drawn."""
    space = space_of(ms.load("ecosystem"))
    leader = next(path for path in space.alike if path.endswith(".protocol.tolerance"))
    assert len(space.alike[leader]) > 20
    assert len(space.drawn) < 320
    sample = space.everywhere(latin_hypercube(space.everything, 3, 1))
    place = {path: n for n, path in enumerate(sample.paths)}
    for point in sample.points:
        assert len({point[place[path]] for path in (leader, *space.alike[leader])}) == 1


def test_what_the_scenario_sets_is_not_varied():
    gfmd = ms.load("gfmd-2007-2015")
    fixed = gfmd.vary("fixed", {"world.policy.pace": 0.1, "processes.gfmd.reading": "chair_summary"})
    free, held = ({each.path for each in space_of(one).everything} for one in (gfmd, fixed))
    assert free - held == {"world.policy.pace", "processes.gfmd.reading"}
