"""What states want, and how much they care."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.actors.interests import form_interests, payoff_pull, salience
from migsim.themes import THEMES
from tests.lives import lived, small, varied

MANY = (0, 1, 2)


def ideal(**changes):
    life = lived(
        varied({f"actors.interests.{name}": value for name, value in changes.items()}), MANY, last=2005
    )
    return life.worlds[0].policies.ideal, life.setting


def test_without_payoffs_the_documents_speak():
    wanted, setting = ideal(payoff_share=0.0, misjudgement=0.0)
    np.testing.assert_allclose(
        wanted, np.broadcast_to(setting.actors.stance, (3, 24, 12))[..., setting.levers.theme]
    )


def test_without_documents_payoffs_pull_from_where_policy_began():
    wanted, setting = ideal(payoff_share=1.0, misjudgement=0.0)
    cast = setting.actors
    trust = np.full((3, 24), setting.parameters["trust.start"][0, 0])
    wish = payoff_pull(cast.own_gain, cast.joint_gain, trust, cast.gain_scale)
    pull = setting.parameters["actors.interests.payoff_pull"][..., None]
    np.testing.assert_allclose(wanted, np.clip(cast.first_policy + pull * wish, 0.0, 1.0), atol=1e-12)
    assert np.abs(wanted - cast.first_policy).max() > 0.05


def test_halfway_is_halfway():
    documents, payoffs, both = (ideal(payoff_share=chi, misjudgement=0.0)[0] for chi in (0.0, 1.0, 0.5))
    inside = (documents > 0.0) & (documents < 1.0) & (payoffs > 0.0) & (payoffs < 1.0)
    np.testing.assert_allclose(both[inside], 0.5 * (documents + payoffs)[inside], rtol=1e-9)


def test_trust_prices_reciprocity():
    own, joint = np.array([[[1.0, -1.0]]]), np.array([[[-1.0, 1.0]]])
    none, full = (payoff_pull(own, joint, np.array([[trust]]), 1.0) for trust in (0.0, 1.0))
    np.testing.assert_allclose(none, np.tanh(own))
    np.testing.assert_allclose(full, np.tanh(joint))
    half = payoff_pull(own, joint, np.array([[0.5]]), 1.0)
    np.testing.assert_allclose(half, 0.0, atol=1e-15)


def test_knowledge_removes_error():
    life = lived(small(), MANY)
    world, setting = life.worlds[0], life.setting
    wise = replace(world, policies=replace(world.policies, knowledge=np.ones_like(world.policies.knowledge)))
    exact, _ = ideal(misjudgement=0.0)
    np.testing.assert_allclose(form_interests(wise, setting).policies.ideal, exact, atol=1e-12)
    assert np.abs(world.policies.ideal - exact).max() > 0.01


def test_a_hostile_public_moves_its_state_on_the_themes_it_minds():
    life = lived(small(), MANY)
    world, setting = life.worlds[0], life.setting
    opinions = replace(world.opinions, anti=world.opinions.anti + 0.2)
    moved = form_interests(replace(world, opinions=opinions), setting).policies.ideal - world.policies.ideal
    theme = setting.levers.theme
    for name, sign in (("border_security", 1), ("legal_mobility", -1), ("protection_mixed_flows", -1)):
        change = sign * moved[..., theme == THEMES.index(name)]
        assert change.min() >= 0.0
        assert change.max() > 0.0
    assert not moved[..., theme == THEMES.index("remittances")].any()


def test_attention_raises_the_agenda_weight_without_the_readiness_to_object():
    life = lived(small(), MANY)
    world, setting = life.worlds[0], life.setting
    attention = world.opinions.attention.copy()
    attention[..., 3] = 0.9
    alert = replace(world, opinions=replace(world.opinions, attention=attention))
    for_agenda = salience(alert, setting, for_objection=False) - salience(world, setting, for_objection=False)
    assert for_agenda[..., 3].min() >= 0.0
    assert for_agenda[..., 3].max() > 0.1
    assert not np.delete(for_agenda, 3, axis=-1).any()
    np.testing.assert_array_equal(
        salience(alert, setting, for_objection=True), salience(world, setting, for_objection=True)
    )
    ready = lived(varied({"actors.interests.attention_to_objection": 0.5}), MANY).setting
    assert (
        salience(alert, ready, for_objection=True)[..., 3].max()
        > salience(world, ready, for_objection=True)[..., 3].max()
    )


def test_facts_bring_themes_home():
    setting = lived(small(), MANY).setting
    states, care = setting.states, setting.actors.salience
    care = np.broadcast_to(care, (3, *care.shape[-2:]))[0]
    shelter = states.refugees_hosted
    protection = care[:, THEMES.index("protection_mixed_flows")]
    jordan, brazil = states.index("JOR"), states.index("BRA")
    assert shelter[jordan] > shelter[brazil]
    assert protection[jordan] > protection[brazil]


def test_errors_are_regional_and_national():
    life = lived(varied({"actors.interests.misjudgement_regional": 1.0}), tuple(range(4)), last=2005)
    error, subregion = life.setting.actors.misjudgement, life.setting.states.subregion_index
    for label in np.unique(subregion):
        members = error[:, subregion == label]
        np.testing.assert_allclose(members, members[:, :1].repeat(members.shape[1], axis=1))
    national = lived(varied({"actors.interests.misjudgement_regional": 0.0}), tuple(range(4)), last=2005)
    assert abs(np.std(national.setting.actors.misjudgement) - 1.0) < 0.1
    assert np.unique(national.setting.actors.misjudgement).size == 4 * 24 * 12


@pytest.mark.parametrize("chi", [0.0, 1.0])
def test_ideals_are_policies(chi):
    wanted, _ = ideal(payoff_share=chi, misjudgement=0.6, payoff_pull=0.4)
    assert wanted.min() >= 0.0
    assert wanted.max() <= 1.0


def test_kept_reasons_give_the_ideal_of_new_ones():
    life = lived(small(), MANY, "ranged")
    early, late = life.at(2006), life.last
    fresh = [form_interests(world, replace(life.setting)).policies.ideal for world in (early, late)]
    for _ in range(2):
        for world, ideal in zip((early, late), fresh, strict=True):
            np.testing.assert_array_equal(form_interests(world, life.setting).policies.ideal, ideal)
