"""How far policies have come to what texts ask for, beside the world without a forum."""

from __future__ import annotations

import numpy as np

from migsim.ensemble.columns import Columns
from migsim.world.corridors import Array
from migsim.world.policy import paragraph_first
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES

__all__ = ["implementation_columns"]


def implementation_columns(world: World, paired: World, setting: Setting) -> Columns:
    """One row a replicate and theme: the pledges that stand, and by how much policies fall short of them.

    A text asks of a state that pledged it ``max(z - a - p, 0)``, with ``z`` its position, ``a`` its ambiguity
    and ``p`` the state's policy: voluntary texts ask for at least so much. ``asked`` is what they ask of the
    policies of the paired world, ``missing`` what they still ask of the world's own, both summed over states
    and paragraphs of the theme, each in [0, 1].
    """
    standing, table = world.commitments, setting.levers
    shape = (setting.n_replicates, len(THEMES))
    sums = {name: np.zeros(shape) for name in ("pledges", "asked", "missing")}
    if standing.pledged.any():
        pledged, least = paragraph_first(standing.pledged), paragraph_first(standing.position)
        least = least - paragraph_first(standing.ambiguity)

        def short(policy: Array) -> Array:
            return pledged * np.maximum(least - paragraph_first(policy), 0.0)

        counted = {"pledges": pledged, "asked": short(paired.policies.policy)}
        counted["missing"] = short(world.policies.policy)
        for name, values in counted.items():
            by_paragraph = values.sum(axis=-1)
            for theme, run in enumerate(table.runs):
                sums[name][:, theme] = by_paragraph[run].sum(axis=0)
    order = np.argsort(THEMES, kind="stable")
    return {
        "replicate": np.repeat(np.array(setting.worlds.numbers), len(THEMES)),
        "year": np.full(setting.n_replicates * len(THEMES), world.year),
        "theme": np.tile(np.array(THEMES, dtype=object)[order], setting.n_replicates),
        **{name: values[:, order].ravel() for name, values in sums.items()},
    }
