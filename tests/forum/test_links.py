"""What one process gives to another."""

import numpy as np

from migsim.forum.links import brought_knowledge, opened_way, reported, stock_taken
from tests.forum.rooms import everybody, on_agenda, open_room
from tests.lives import differing, lived, varied

MANY = (0, 1, 2)
REGIONAL = {
    "agenda": "given",
    "cadence": {"first": 2006, "last": 2010, "themes": ["remittances"]},
    "participants": {"who": "region", "states": ["MEX", "PHL"]},
    "output": "discuss",
    "switches": {"trust": False, "attention": False, "costs": False},
}


def life_with(links, **changes):
    return lived(varied({"processes.regional": {**REGIONAL, "links": links}} | changes), MANY, "ranged")


def test_links_to_nobody_do_nothing():
    alone, linked = life_with({}), life_with({"feeds": ["puebla"], "reports_to": ["puebla"]})
    assert differing(alone.last, linked.last) == set()


def test_a_feeding_process_brings_what_it_treated():
    life = life_with({"feeds": ["gfmd"]})
    world, session, setting = open_room(life, on_agenda=on_agenda(life, 0))
    brought = brought_knowledge(session, world, setting)
    remittances = 3
    np.testing.assert_allclose(
        brought[:, remittances], setting.parameters["processes.regional.links.feed"][:, 0]
    )
    assert not np.delete(brought, remittances, axis=-1).any()


def test_it_opens_the_way_for_those_who_met():
    life = life_with({"feeds": ["gfmd"]})
    world, session, setting = open_room(life)
    way = opened_way(world, session, setting)
    met = world.proceedings.attended[:, list(setting.definition.spec.processes).index("regional")]
    strength = setting.parameters["processes.regional.links.opens_way"]
    np.testing.assert_array_equal(way, met * strength)
    assert met.any()
    assert not met.all()


def test_what_is_long_past_counts_no_more():
    life = lived(
        varied(
            {
                "processes.regional": {
                    **REGIONAL,
                    "links": {"feeds": ["gfmd"]},
                    "cadence": {"first": 2006, "last": 2006, "themes": ["remittances"]},
                }
            }
        ),
        MANY,
        "ranged",
    )
    recent = open_room(life, 2007, attended=everybody(life), on_agenda=on_agenda(life, 3))
    later = open_room(life, 2009, attended=everybody(life), on_agenda=on_agenda(life, 3))
    assert brought_knowledge(recent[1], recent[0], recent[2]).any()
    assert not brought_knowledge(later[1], later[0], later[2]).any()


def test_what_is_reported_counts_in_the_survey():
    life = life_with({"reports_to": ["gfmd"]})
    world, session, setting = open_room(life)
    weight = reported(session, world, setting)
    np.testing.assert_array_equal(weight[:, 3], setting.parameters["processes.regional.links.report"][:, 0])
    assert not np.delete(weight, 3, axis=-1).any()


def test_taking_stock_makes_a_year_of_fading_good():
    """Those who take stock of all they stand by with full force lose nothing over the year."""
    stock = {
        "processes.review": {
            "agenda": "given",
            "cadence": {"first": 2008, "last": 2008, "themes": ["remittances"]},
            "output": "discuss",
            "attendance": {"level": 5},
            "links": {"takes_stock_of": ["gfmd"], "stock": 1.0},
        }
    }
    life = lived(
        varied(
            stock | {"processes.gfmd.sessions": [{"year": 2007, "chair": "BEL", "themes": ["remittances"]}]}
        ),
        MANY,
        "ranged",
    )
    before, after = life.at(2007).commitments, life.at(2008).commitments
    came = life.at(2008).minutes[0].attended > 0.0
    on = life.at(2008).minutes[0].on_paragraphs[0] > 0.0
    kept = (before.pledged > 0.0) & came[..., None] & on & (before.strength > 0.0)
    fade = life.setting.parameters["follow_up.fade"][..., None]
    np.testing.assert_allclose(after.strength[kept], before.strength[kept], rtol=1e-12)
    lost = (before.pledged > 0.0) & ~kept & (before.strength > 0.0)
    np.testing.assert_allclose(after.strength[lost], (before.strength * (1.0 - fade))[lost], rtol=1e-12)
    assert kept.any()


def test_no_stock_is_taken_of_what_is_not_there():
    life = life_with({"takes_stock_of": ["puebla"]})
    world, session, setting = open_room(life, 2006)
    assert session.process == "regional"
    assert not stock_taken(world, session, setting).any()


def test_however_many_take_stock_nothing_grows_stronger():
    def stock(name):
        return {
            f"processes.{name}": {
                "agenda": "given",
                "cadence": {"first": 2008, "last": 2009, "themes": ["remittances"]},
                "output": "discuss",
                "links": {"takes_stock_of": ["gfmd"], "stock": 1.0},
            }
        }

    once = {"processes.gfmd.sessions": [{"year": 2007, "chair": "BEL", "themes": ["remittances"]}]}
    life = lived(varied(once | stock("one") | stock("two") | stock("three")), MANY, "ranged")
    for before, after in life.years[2:]:
        assert np.all(after.commitments.strength <= before.commitments.strength + 1e-15)
    assert life.last.commitments.strength.max() > 0.0
