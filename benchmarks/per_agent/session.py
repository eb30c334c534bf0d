"""One session of a forum in plain Mesa style: one agent a state, one paragraph and one number at a time.

This is the specification of a year of one forum, by the equations of docs/odd.md, 3.4.10 to 3.4.28, to be
read and to be run beside the engine. It begins where the world's part of the year ends: states review their
interests, work groups go on, the session is held, states act at home, and trust follows. It reads the
cast, the parameters and the numbers drawn that `migsim.start.begin` derives, and nothing of how the engine
computes a session. One process alone, without nulls, votes and persuasion: see `session_reading.not_known`.
"""

from __future__ import annotations

from math import log
from statistics import fmean
from types import SimpleNamespace

import mesa

from benchmarks.per_agent import afterwards, delegation, hearing, plenary, trading
from benchmarks.per_agent.delegation import Delegation
from benchmarks.per_agent.plenary import Paragraph
from benchmarks.per_agent.reading import by_theme, read_levers, read_states
from benchmarks.per_agent.session_reading import (
    not_known,
    past_of,
    read_civil_society,
    read_delegations,
    read_organisations,
    read_rules,
)
from migsim.provenance.parameters import registry
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES

__all__ = ["PerAgentSession"]


class PerAgentSession(mesa.Model):  # type: ignore[misc]
    """A forum and the states that may come to it.

    Parameters
    ----------
    setting, world : Setting, World
        Of one replicate; the world of the session's year, when people's lives have been assessed.
    rng : int, optional
        Mesa's own; what is drawn comes from the setting.
    """

    def __init__(self, setting: Setting, world: World, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        if refused := not_known(setting):
            raise ValueError(f"These agents know nothing of: {', '.join(refused)}.")
        self.year = world.year
        self.process, spec = next(iter(setting.definition.spec.processes.items()))
        meeting = next((each for each in spec.sessions if each.year == self.year), None)
        if meeting is None:
            raise ValueError(f"{self.process} does not meet in {self.year}.")
        self.rules, self.here = read_rules(setting, self.process)
        self.levers = read_levers(setting)
        self.usual_gain = setting.actors.gain_scale
        self.states = [Delegation(self, iso3) for iso3 in setting.states.iso3]
        read_states(self.states, setting, world)
        read_delegations(self.states, setting, world, self.process)
        self.last_met: float
        self.n_before: int
        self.__dict__.update(past_of(world))
        self.size, self.given = float(meeting.size), list(meeting.themes)
        self.chair = next((s for s in self.states if s.iso3 == meeting.chair and s.may_come), None)
        self.kilometres = setting.distance.tolist()
        self.place = {state: n for n, state in enumerate(self.states)}
        drawn = setting.noise.normals("survey", (len(THEMES),), process=self.process, year=self.year)
        self.survey_noise = by_theme(drawn[0])
        self.organisations = read_organisations(setting, self.process)
        self.civil_weight = hearing.heard_as(self)
        is_heard = self.here.civil_society != "excluded"
        grown = self.here.civil.voice_growth * self.n_before if is_heard else 0.0
        self.civil_society = read_civil_society(setting, grown)
        self.climb()
        self.agenda: list[str] = []
        self.text: list[Paragraph] = []
        self.matches, self.grants = 0, 0.0

    def climb(self) -> None:
        """What the session does: its switches, as far as its output stands on the ladder."""
        on, rungs = self.here.switches, registry()["processes.*.output"].options
        rung = rungs.index(self.here.output)
        forces = {
            "common_understanding": self.rules.ladder.common_understanding,
            "recommendation": 1.0,
            "declaration": self.rules.ladder.declaration,
        }
        practices = rung >= rungs.index("practices")
        self.has_texts = self.here.output in forces
        self.force = on.texts * forces.get(self.here.output, 0.0)
        self.teaches = on.practice * (rung >= rungs.index("exchange"))
        self.trains, self.trades = on.practice * practices, on.marketplace * practices
        self.links = on.linkage * self.has_texts
        self.costs, self.angers, self.trusts = on.costs, on.backlash, on.trust

    def between_km(self, one: Delegation, other: Delegation) -> float:
        """Distance of two states."""
        km: float = self.kilometres[self.place[one]][self.place[other]]
        return km

    def hold(self) -> None:
        """Live the forum's part of the year."""
        self.agents.do(delegation.form_interests)
        self.agents.do(delegation.work_on)
        self.convene()
        self.deliberate()
        self.close()
        seen = afterwards.count_deeds(self)
        self.agents.do(afterwards.follow_up, seen)
        self.agents.do(afterwards.build_trust)

    def convene(self) -> None:
        """Delegations come, and the agenda is set."""
        usual = SimpleNamespace(
            stake=fmean(delegation.stake(state) for state in self.states),
            size=fmean(log(state.income * state.population) for state in self.states),
        )
        self.agents.do(delegation.come, usual)
        themes = self.given
        if self.here.agenda == "survey":
            wanted = hearing.survey(self)
            themes = sorted(wanted, key=lambda theme: -wanted[theme])
        self.agenda = themes[: int(self.here.max_themes)]
        self.text = [Paragraph(a, x.theme) for a, x in enumerate(self.levers) if x.theme in self.agenda]

    def deliberate(self) -> None:
        """Civil society reports, round tables are held, themes are traded, and the plenary meets."""
        self.civil_report = {theme: hearing.report_of(self, theme) for theme in THEMES}
        self.agents.do(hearing.hear)
        hearing.sit_at_round_tables(self)
        for state in self.states:
            state.proposal = list(state.ideal)
        trading.trade_themes(self)
        plenary.meet(self)

    def close(self) -> None:
        """Grants are matched, the bill is paid, and what was adopted begins to stand."""
        trading.hold_market(self)
        afterwards.pay(self)
        self.agents.do(afterwards.turn)
        self.agents.do(afterwards.stand_by)
