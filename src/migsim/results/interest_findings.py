"""What the comparison of stances and payoffs shows, in tables and sentences for `docs/interests.md`.

Every number and every name in a sentence is counted from `Interests`; nothing is written by hand but the
choice of states.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from migsim.actors.payoffs import N_GROUPS
from migsim.facts.codes import state_names
from migsim.results.interests import AGREEMENTS, Interests, interests
from migsim.results.rounding import percent
from migsim.themes import THEMES
from migsim.world.corridors import Array

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DOZEN", "Findings", "table"]

DOZEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "USA": "the largest host",
        "DEU": "a European host, growing old",
        "ARE": "a Gulf state where most residents are migrants",
        "MEX": "large, neighbour of the largest host, also crossed",
        "PHL": "sends workers by policy, to many hosts",
        "IND": "populous; sends the skilled, takes in neighbours",
        "MAR": "sends to Europe and is crossed on the way there",
        "JOR": "takes in the displaced; sends, receives and is crossed",
        "NGA": "Africa's largest, skilled departure",
        "MLI": "least developed, landlocked, moves within its region",
        "JAM": "a small island, most of its skilled abroad",
        "TON": "a smaller one, lives on remittances as few do",
    }
)
"""The states of the page and why: all roles and regions, rich to poor, large and small."""

SEEN: Final = 0.005
"""Percent of income below which a gain is shown as nothing, and so not named as a gain or loss."""
N_LARGEST: Final = 6
"""How many of the largest gains are named."""
FEW: Final = 0.1
"""Share of the states below which it is not said what those that gain owe to others."""
MOST: Final = 2.0 / 3.0
"""Share of the states with a stance from which stance and payoff are said to agree on a theme."""


@dataclass(frozen=True)
class Findings:
    """What to tell of one scenario's interests."""

    scenario: str = "gfmd-2007-2015"

    @cached_property
    def dozen(self) -> Interests:
        """The states of the page."""
        return interests(self.scenario, DOZEN)

    @cached_property
    def everybody(self) -> Interests:
        """All states."""
        return interests(self.scenario)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The states of the page, a row a state and theme."""
        return self.dozen.to_frame()

    @cached_property
    def world_frame(self) -> pd.DataFrame:
        """The same of all states."""
        return self.everybody.to_frame()

    @cached_property
    def signs_kept(self) -> dict[str, Array]:
        """How often signs survive the ranges of the levers, all states."""
        return self.everybody.signs_kept()

    def states(self) -> str:
        """Who is shown, and why."""
        at = self.everybody.setting.states
        rows = []
        for iso3, why in DOZEN.items():
            i = at.index(iso3)
            roles = (f"{100 * role[i]:.0f}" for role in (at.host, at.departure, at.transit))
            rows.append((f"{iso3} {state_names()[iso3]}", why, at.subregion[i], at.income_group[i], *roles))
        return table(("state", "why", "region", "income", "host %", "departure %", "transit %"), rows)

    def stances_and_gains(self) -> str:
        """The documents' stance over the joint gain, themes by states."""
        rows = []
        for n, theme in enumerate(THEMES):
            of_theme = self.frame[self.frame["theme"] == theme]
            gains = self.dozen.joint_gain[:, n]
            cells = [f"{_stance(s)} / {signed(g)}" for s, g in zip(of_theme["stance"], gains, strict=True)]
            rows.append((f"`{theme}`", *cells))
        return table(("theme", *DOZEN), rows)

    def themes(self) -> str:
        """Each theme over all states."""
        kept = self.signs_kept
        rows = []
        for n, theme in enumerate(THEMES):
            own, joint = self.everybody.own_gain[:, n], self.everybody.joint_gain[:, n]
            same, apart = self._agreeing(self.world_frame, theme)
            ends = (signed(float(end)) for end in np.quantile(joint, (0.05, 0.95)))
            rows.append(
                (
                    f"`{theme}`",
                    f"{same} of {same + apart}" if same + apart else "silent",
                    signed(float(np.median(own))),
                    signed(float(np.median(joint))),
                    " to ".join(ends),
                    str(int((joint < -SEEN).sum())),
                    str(int(_only_together(own, joint).sum())),
                    percent(float(kept["own"][:, n].mean())),
                    percent(float(kept["joint"][:, n].mean())),
                )
            )
        head = (
            "theme",
            "stance and payoff the same way",
            "own gain, median",
            "joint gain, median",
            "joint gain, 5–95 %",
            "states that lose",
            "gain only together",
            "own sign kept",
            "joint sign kept",
        )
        return table(head, rows)

    def sentences(self) -> str:
        """What is found, a bullet each."""
        told = (
            self.where_they_part(),
            self.why_always_above(),
            self.gain_only_together(),
            self.who_loses(),
            self.what_trust_changes(),
            self.what_knowledge_changes(),
            self.how_sure(),
            self.how_large(),
            self.how_own_gains_are_found(),
        )
        return "\n".join(f"* {sentence}" for sentence in told)

    def where_they_part(self) -> str:
        """On which themes stances and payoffs agree among the states of the page."""
        found: dict[str, list[str]] = {"agree": [], "part": [], "mixed": [], "silent": []}
        for theme in THEMES:
            same, apart = self._agreeing(self.frame, theme)
            heard = same + apart
            kind = "silent" if not heard else "agree" if same >= MOST * heard else "mixed"
            kind = "part" if heard and same <= (1.0 - MOST) * heard else kind
            found[kind].append(f"`{theme}`" + (f" ({same} of {heard})" if heard else ""))
        return (
            "**Where stance and payoff agree.** Of the twelve states, as far as the documents give them a "
            f"stance, it points the way of the payoff for most on {listed(found['agree'])}; the two part "
            f"for most on {listed(found['part'])}; it is mixed on {listed(found['mixed'])}. The "
            f"documents say too little to compare on {listed(found['silent'])}."
        )

    def why_always_above(self) -> str:
        """What a stance above the policy of 2005 is worth."""
        above = self.world_frame["stance"] >= self.world_frame["policy_2005"]
        start = float(self.everybody.setting.parameters["world.policy.start"][0, 0])
        heard = self.world_frame["stance"].notna()
        return (
            f"**What that comparison is worth.** Policy in 2005 is taken to be {percent(start)} of the "
            f"stance, so that {percent(float(above[heard].mean()))} of the stances ask for at least what "
            "is done already: “the same way” then says that more of the theme pays. The second figure "
            "asks the harder question, whether what a state wants more than half of is also what it gains "
            "by."
        )

    def gain_only_together(self) -> str:
        """Where a forum has a point: what is a loss alone and a gain if all move."""
        parts = []
        for n, theme in enumerate(THEMES):
            only = _only_together(self.dozen.own_gain[:, n], self.dozen.joint_gain[:, n])
            world = int(_only_together(self.everybody.own_gain[:, n], self.everybody.joint_gain[:, n]).sum())
            if only.any():
                who = ", ".join(np.array(self.dozen.states)[only])
                parts.append(f"`{theme}` ({who}; {world} of {len(self.everybody.states)} states)")
        brought = self._brought_by_others()
        most = [f"`{THEMES[n]}` ({percent(brought[n])})" for n in np.argsort(-brought)[:4]]
        return (
            "**Where a forum has a point.** A state that loses by moving alone and gains if everybody "
            f"moves has something to agree on with others. Among the twelve that is so on {listed(parts)}. "
            "Elsewhere it is a matter of size: of what all moving brings the median state that gains, "
            f"others bring most on {listed(most)}."
        )

    def who_loses(self) -> str:
        """Whom each theme costs something."""
        parts = []
        for n, theme in enumerate(THEMES):
            gains = self.dozen.joint_gain[:, n]
            losing = sorted(
                (gain, iso3) for gain, iso3 in zip(gains, self.dozen.states, strict=True) if gain < -SEEN
            )
            if len(losing) == len(DOZEN):
                parts.append(f"`{theme}`: all twelve, most {losing[0][1]} ({signed(losing[0][0])})")
            elif losing:
                parts.append(
                    f"`{theme}`: "
                    + ", ".join(f"{iso3} ({signed(gain)})" for gain, iso3 in losing[:5])
                    + (f" and {len(losing) - 5} more" if len(losing) > 5 else "")
                )
        told = "; ".join(parts) or "nobody"
        return f"**Who would lose** if all states used the levers in full, percent of income: {told}."

    def what_trust_changes(self) -> str:
        """Ideal policies with no trust and with full trust."""
        flips = np.sign(self.everybody.own_gain) != np.sign(self.everybody.joint_gain)
        moved = np.abs(self.everybody.ideal(1.0, trust=1.0) - self.everybody.ideal(1.0, trust=0.0)).mean(
            axis=0
        )
        most = [f"`{THEMES[n]}` ({moved[n]:.3f})" for n in np.argsort(-moved)[:3]]
        return (
            "**What trust changes.** Trust decides how much of the others' moving a state counts on: "
            f"{self.everybody.trust:.2f} of it in 2005. From no trust to full trust the payoff changes its "
            f"sign for {percent(float(flips.mean()))} of states and themes, and the payoff-based ideal "
            f"moves by {moved.mean():.3f} of the scale of policy on average, most on {listed(most)}."
        )

    def what_knowledge_changes(self) -> str:
        """The error of judgement against the pull of the payoff."""
        parameters = self.everybody.setting.parameters
        pull, error, knows = (
            float(parameters[f"actors.interests.{name}"][0, 0])
            for name in ("payoff_pull", "misjudgement", "knowledge_at_base")
        )
        spread = pull * error * (1.0 - knows)
        gap = (self.world_frame["ideal_payoffs"] - self.world_frame["policy_2005"]).abs()
        typical = gap.groupby(self.world_frame["theme"], sort=False).median()
        clear = [f"`{theme}`" for theme in THEMES if typical[theme] > spread]
        return (
            f"**What knowledge changes.** With the knowledge of 2005 ({knows:.2f}) a state misjudges where "
            f"its payoff points by {spread:.3f} (standard deviation, on the scale of policy); with full "
            "knowledge not at all. In the median state the true pull is larger than that error on "
            f"{listed(clear)}: elsewhere learning what one's interest is counts for more than the "
            "interest."
        )

    def how_sure(self) -> str:
        """How often signs survive the ranges of the levers."""
        kept = self.signs_kept["joint"].mean(axis=0)
        weak = [f"`{THEMES[n]}` ({percent(float(kept[n]))})" for n in np.argsort(kept)[:3]]
        return (
            "**How sure the signs are.** Most levers are of sampled sign; the figures take their central "
            "values. With sizes and costs drawn from their ranges, joint gains keep their sign in "
            f"{percent(float(kept.mean()))} of draws on average over states and themes, least on "
            f"{listed(weak)}."
        )

    def how_large(self) -> str:
        """The usual size of a gain, and the largest."""
        joint = self.everybody.joint_gain
        largest = np.argsort(-np.abs(joint), axis=None, kind="stable")[:N_LARGEST]
        states, themes = np.unravel_index(largest, joint.shape)
        who = [
            f"{self.everybody.states[i]} by `{THEMES[n]}` ({signed(float(joint[i, n]))})"
            for i, n in zip(states, themes, strict=True)
        ]
        by_money = int((themes == THEMES.index("remittances")).sum())
        return (
            f"**How large.** Half of all joint gains are smaller than {np.median(np.abs(joint)):.3f} % of "
            f"income. The largest: {listed(who)}. {by_money} of these {N_LARGEST} are by `remittances`: "
            "money received counts in full, and cheaper sending draws more of it."
        )

    def how_own_gains_are_found(self) -> str:
        """What an own gain holds besides the own."""
        return (
            f"**How own gains are found.** To save time, states are moved in {N_GROUPS} groups rather "
            "than one by one. The groups hold states between which few migrants live, so that little of an "
            "own gain is the doing of others; joint gains are not touched by it."
        )

    def _brought_by_others(self) -> Array:
        """Share of the joint gain that others' moving brings the median state that gains, ``(theme,)``."""
        own, joint = self.everybody.own_gain, self.everybody.joint_gain
        share = np.where(joint > SEEN, 1.0 - own / np.where(joint > SEEN, joint, 1.0), np.nan)
        gaining = (joint > SEEN).mean(axis=0) >= FEW
        median = np.zeros(len(THEMES))
        median[gaining] = np.nanmedian(np.clip(share[:, gaining], 0.0, 1.0), axis=0)
        return median

    def _agreeing(self, frame: pd.DataFrame, theme: str) -> tuple[int, int]:
        """How many states' stance and payoff point the same way on a theme, and how many apart."""
        said = frame.loc[frame["theme"] == theme, "agreement"]
        return int((said == AGREEMENTS[0]).sum()), int((said == AGREEMENTS[1]).sum())


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def signed(gain: float) -> str:
    """A gain in percent with its sign, two decimals; what is less is said to be about nothing.

    Examples
    --------
    >>> signed(0.123), signed(-0.2), signed(0.001)
    ('+0.12', '−0.20', '0')
    """
    return f"{gain:+.2f}".replace("-", "−") if abs(gain) >= SEEN else "0"


def listed(names: Iterable[str]) -> str:
    """Names in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed([])
    ('a, b and c', 'none')
    """
    found = list(names)
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else (found[0] if found else "none")


def _stance(stance: float) -> str:
    return "–" if np.isnan(stance) else f"{stance:.2f}"


def _only_together(own: Array, joint: Array) -> NDArray[np.bool_]:
    """Who loses by moving alone and gains if everybody moves, beyond what is shown as nothing."""
    only: NDArray[np.bool_] = (own < -SEEN) & (joint > SEEN)
    return only
