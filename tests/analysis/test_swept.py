"""What Morris and Sobol sweeps say of functions with known answers."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from migsim.analysis.outcomes import OUTCOMES
from migsim.analysis.swept import _words, swept_effects
from migsim.ensemble.factors import LUCK, factor
from migsim.ensemble.samples import latin_hypercube, morris, sobol
from migsim.errors import InputError
from tests.lives import small

PULL, TRUST, THEMES, LAST = "follow_up.pull", "trust.start", "processes.gfmd.max_themes", "years.last"


def swept(sample, worth, lucks=1, spoil=()):
    """A sweep whose outcomes are a function of the places of its points in [0, 1]."""
    values = worth(np.array(sample.places)) if sample.places else np.zeros(len(sample))
    rows = pd.DataFrame(
        [
            {"point": n, "luck": luck, **dict.fromkeys(OUTCOMES, value + luck)}
            for luck in range(lucks)
            for n, value in enumerate(values)
            if (luck, n) not in spoil
        ]
    )
    replicates = tuple(range(lucks * len(sample)))
    return SimpleNamespace(
        sample=sample, scenario=small(), seed=1, replicates=replicates, outcomes=lambda: rows
    )


def factors(**given):
    return [factor(small(), path.replace("__", "."), values) for path, values in given.items()]


def of_hosts(run):
    frame = swept_effects(run)
    return frame[frame["outcome"] == "gain_hosts"].set_index("path")


def test_the_effects_of_a_morris_sweep_are_those_of_whole_ranges():
    walks = morris(factors(follow_up__pull=(0.1, 0.3), trust__start=None), 12, 1)
    rows = of_hosts(swept(walks, lambda x: 2.0 * x[:, 0] - 5.0 * x[:, 1], spoil=[(0, 4)]))
    np.testing.assert_allclose(rows.loc[[PULL, TRUST], "mu"], [2.0, -5.0])
    np.testing.assert_allclose(rows.loc[[PULL, TRUST], "mu_star_high"], [2.0, 5.0])
    assert set(rows["n"]) == {11}


def test_two_listed_numbers_are_switched_however_few_the_walks():
    """A straight line goes through any two places, and its slope is none."""
    for n_walks in (1, 2):
        walks = morris(factors(follow_up__pull=[0.0, 1.0], trust__start=None), n_walks, 1)
        assert set(of_hosts(swept(walks, lambda x: x.sum(axis=1))).index) == {TRUST}


def test_choices_and_whole_numbers_of_a_morris_sweep_have_no_effect():
    over = {THEMES: (1, 12), LAST: [2008, 2009], "world.policy.pace": [0.1, 0.2, 0.5], TRUST: None}
    walks = morris([factor(small(), path, values) for path, values in over.items()], 12, 1)
    run = swept(walks, lambda x: x.sum(axis=1))
    frame = swept_effects(run)
    assert set(frame["path"]) == {TRUST}
    assert "12 walks" in _words(frame, walks)
    assert _words(frame, walks).endswith("Choices and whole numbers have no such effect and are left out.")
    none = morris([factor(small(), THEMES, (1, 12))], 3, 1)
    assert _words(swept_effects(swept(none, lambda x: x[:, 0])), none).startswith("No effects")


def test_the_shares_of_a_sobol_sweep():
    """Means over two lucks; the point that lost one of them takes its row of the design with it."""
    crossed = sobol(factors(follow_up__pull=None, trust__start=None), 512, 1)
    rows = of_hosts(swept(crossed, lambda x: x[:, 0] + 2.0 * x[:, 1], lucks=2, spoil=[(1, 7)]))
    np.testing.assert_allclose(rows.loc[[PULL, TRUST], "ST"], [0.2, 0.8], atol=0.03)
    np.testing.assert_allclose(rows.loc[[PULL, TRUST], "S1"], [0.2, 0.8], atol=0.03)
    assert set(rows["n"]) == {511}


def test_luck_is_a_setting_of_a_sobol_sweep_that_varies_it():
    crossed = sobol([*factors(trust__start=None), factor(small(), LUCK)], 256, 1)
    run = swept(crossed, lambda x: x[:, 0] + 3.0 * x[:, 1])
    assert of_hosts(run).loc[LUCK, "ST"] == pytest.approx(0.9, abs=0.05)
    words = _words(swept_effects(run), crossed)
    assert "luck" in words.splitlines()[2]
    assert "left out" not in words


def test_shares_that_a_few_worlds_decide_are_not_to_be_believed():
    paths = factors(trust__start=None, follow_up__pull=None)
    far_out, even = (lambda x: np.exp(9.0 * x[:, 0] * x[:, 1])), (lambda x: x[:, 0] + x[:, 1])
    for worth, n_base, is_wide in ((far_out, 8, True), (even, 256, False)):
        crossed = sobol(paths, n_base, 1)
        assert ("this wide say little" in _words(swept_effects(swept(crossed, worth)), crossed)) is is_wide


def test_an_outcome_that_never_varies_has_no_shares():
    crossed = sobol(factors(trust__start=None, follow_up__pull=None), 8, 1)
    run = swept(crossed, lambda x: np.ones(len(x)))
    assert of_hosts(run)["ST"].isna().all()
    assert "–" in _words(swept_effects(run), crossed)


def test_other_sweeps_have_no_effects():
    with pytest.raises(InputError, match="kind 'latin_hypercube'"):
        swept_effects(swept(latin_hypercube(factors(trust__start=None), 8, 1), None))
