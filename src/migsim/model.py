"""The Mesa face of the simulator: one world, year by year, whose states and organisations are agents.

A `ForumModel` is a batch of one replicate of the engine, run beside its paired world in which nobody meets. A
year is computed for all states at once, so an agent does not act by itself: it is a view of one row, and
Mesa's own tools (AgentSet verbs, `mesa.batch_run`, a SolaraViz page) read it. No other module imports Mesa.
"""

from __future__ import annotations

import operator
import os
import warnings
from collections.abc import Iterable, Mapping
from functools import partial
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final, get_args

import mesa

from migsim.actors.states import is_host
from migsim.agents import CivilSocietyRow, OrganisationRow, Row, StateRow
from migsim.ensemble.batch import run_batch
from migsim.ensemble.columns import state_columns, world_columns
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.errors import InputError, shown
from migsim.results.run import Run
from migsim.results.summary import GAIN_UNITS
from migsim.scenario.definition import Scenario
from migsim.scenario.load import load
from migsim.scenario.wording import did_you_mean
from migsim.start import begin, without_processes
from migsim.triple_win import GROUPS, measure
from migsim.world.corridors import Array
from migsim.world.parameters import Spread
from migsim.world.state import Minutes, World
from migsim.year import live

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["IGO", "CivilSociety", "DepartureState", "ForumModel", "HostState"]

type Settings = Mapping[str, object] | Iterable[tuple[str, object]]

DEFAULT_SCENARIO: Final = "gfmd-2007-2015"

MODEL_REPORTERS: Final = (
    "year",
    "migrants",
    "remittances",
    "policy",
    "practice",
    "trust",
    "opinion_anti",
    "uptake",
    "n_attending",
    "n_on_agenda",
    "n_adopted",
    "n_objections",
    "strength",
    "gain_migrants",
    "gain_hosts",
    "gain_departures",
    "gain_sd_migrants",
    "gain_sd_hosts",
    "gain_sd_departures",
    "weakest",
)
"""Columns of the ``world`` table that a single run collects each year."""

AGENT_REPORTERS: Final = {
    "kind": "kind",
    "name": "name",
    "iso3": "iso3",
    "attended": "attended",
    "own_position": "position",
    "own_policy": "policy",
    "own_practice": "practice",
    "own_trust": "trust",
    "own_opinion_anti": "opinion_anti",
    "own_gain": "gain",
}
"""What a single run collects of each agent: name in the frame, and property; by theme, its mean over themes.

``own_`` keeps these apart from the world's columns, with which `mesa.batch_run` puts them into one row.
"""


class _Agent(mesa.Agent):  # type: ignore[misc]
    """One row of its model's arrays; all act together when the model steps: its own ``step`` does nothing."""

    def __init__(self, model: ForumModel, index: int) -> None:
        super().__init__(model)
        self.index = index


class HostState(StateRow, _Agent):
    """A state that in the base year is more a host than a departure country."""


class DepartureState(StateRow, _Agent):
    """A state that in the base year is more a departure country than a host."""


class IGO(OrganisationRow, _Agent):
    """An intergovernmental organisation."""


class CivilSociety(CivilSocietyRow, _Agent):
    """A component of civil society, or a group of migrants that speaks for itself."""


class ForumModel(mesa.Model):  # type: ignore[misc]
    """One world with its forums, and beside it the same world without them, year by year.

    Parameters
    ----------
    definition : Scenario, str or path
        The scenario, or the name or file of one; by default the forum of 2007-2015. It is not called
        ``scenario`` because Mesa has an attribute of that name for itself.
    rng : int, optional
        Seed of the study, >= 0. None is `DEFAULT_SEED`, not a new seed each time: the same call gives the
        same world, and other worlds come from other seeds or ``replicate`` numbers.
    settings : mapping, optional
        Changes to the scenario, by dotted path, as in `Scenario.vary`. In `mesa.batch_run` give a list of
        mappings, or of tuples of pairs if the results are to be grouped by them.
    parameters : {"central", "ranged"}
        Whether registry parameters keep their defaults or are drawn from their ranges.
    replicate : int
        Number of the replicate; the world is that replicate's in any batch with this seed.

    Raises
    ------
    InputError
        If an argument cannot be used; as `ScenarioError`, everything wrong with a scenario or a setting.

    Notes
    -----
    Mesa counts ``time`` in steps from 0, the year before the scenario's first. After the scenario's last year
    ``running`` is False, and a further step changes nothing but Mesa's clock. Every draw is keyed by seed,
    replicate and purpose; Mesa's generators are not used, and a shuffled AgentSet changes nothing.

    Examples
    --------
    >>> model = ForumModel(rng=2026)
    >>> model.step()
    >>> model.year, model.state("MEX").kind
    (2006, 'DepartureState')
    """

    def __init__(
        self,
        definition: Scenario | str | os.PathLike[str] | None = None,
        rng: int | None = None,
        settings: Settings | None = None,
        parameters: Spread = "central",
        replicate: int = 0,
    ) -> None:
        seed = DEFAULT_SEED if rng is None else _whole(rng, "rng")
        super().__init__(rng=seed)
        self.seed = seed
        self.replicate = _whole(replicate, "replicate")
        if parameters not in get_args(Spread.__value__):
            msg = f"parameters: found {shown(parameters)}; allowed are 'central' and 'ranged'."
            raise InputError(msg)
        self.parameters = parameters
        self.definition = _changed(_defined(definition), settings)
        self.last_sessions: tuple[Minutes, ...] = ()
        self.setting, world = begin(self.definition, (self.replicate,), seed, parameters)
        self._silent = without_processes(self.setting)
        self._note(world, world)
        self._gather_agents()
        self.datacollector = mesa.DataCollector(
            model_reporters={name: partial(_of_model, name) for name in MODEL_REPORTERS},
            agent_reporters={name: partial(_of_agent, of) for name, of in AGENT_REPORTERS.items()},
        )
        self.datacollector.collect(self)

    def _gather_agents(self) -> None:
        """States in the order of their codes, then organisations, then civil society."""
        cast = self.setting.actors
        self._states = tuple(
            HostState(self, index) if hosts else DepartureState(self, index)
            for index, hosts in enumerate(is_host(self.setting.states))
        )
        for kind, observers in ((IGO, cast.organisations), (CivilSociety, cast.civil_society)):
            for index in range(len(observers.names)):
                kind(self, index)

    def _note(self, world: World, baseline: World) -> None:
        """Keep a year and what the tables say of it."""
        self.world, self.baseline = world, baseline
        self.last_sessions = world.minutes or self.last_sessions
        win = measure(world, baseline, self.setting)
        row = world_columns(world, baseline, win, self.setting)
        self.figures: dict[str, Any] = {name: column[0].item() for name, column in row.items()}
        self.state_figures: Mapping[str, Array] = state_columns(world, baseline, self.setting)

    def step(self) -> None:
        """Live one year, with the forum and without it; after the last year, nothing."""
        if self.year >= self.last_year:
            self.running = False
            message = f"The scenario ends in {self.last_year}; nothing happens after that."
            warnings.warn(message, skip_file_prefixes=(os.path.dirname(mesa.__file__),))
            return
        self._note(live(self.world, self.setting), live(self.baseline, self._silent))
        self.running = self.year < self.last_year
        self.datacollector.collect(self)

    @property
    def year(self) -> int:
        """The year whose end the world is at."""
        return self.world.year

    @property
    def last_year(self) -> int:
        """The scenario's last year."""
        return self.definition.spec.years.last

    def state(self, iso3: str) -> HostState | DepartureState:
        """The agent of a state.

        Raises
        ------
        InputError
            If there is no such state in this model.
        """
        codes = self.setting.states.iso3
        if iso3 not in codes:
            allowed = "the ISO 3166 code of a state of this model"
            hint = did_you_mean(str(iso3), codes) or "see model.setting.states.iso3"
            raise InputError(f"state: found {shown(iso3)}; allowed is {allowed}; {hint}")
        return self._states[codes.index(iso3)]

    @property
    def triple_win(self) -> pd.DataFrame:
        """Gains of the year: ``gain`` in its ``unit``, ``gain_sd`` in standard deviations of 2005."""
        import pandas as pd

        weakest = self.figures["weakest"]
        gains = {group: self.figures[f"gain_{group}"] for group in GROUPS} | {"weakest": weakest}
        in_spreads = {group: self.figures[f"gain_sd_{group}"] for group in GROUPS} | {"weakest": weakest}
        units = {group: GAIN_UNITS[f"gain_{group}"] for group in GROUPS} | {"weakest": "standard deviations"}
        return pd.DataFrame({"gain": gains, "unit": units, "gain_sd": in_spreads})

    def run(self) -> Run:
        """The whole run of this world from its start on, wherever the model stands now."""
        tables = run_batch(self.definition, (self.replicate,), self.seed, self.parameters)
        return Run.from_tables(self.definition, tables, seed=self.seed, parameters=self.parameters)

    def __repr__(self) -> str:
        gains = ", ".join(f"{group} {self.figures[f'gain_{group}']:+.3g}" for group in GROUPS)
        lines = [
            f"ForumModel {self.definition.name}: {self.definition.title}",
            f"  year: {self.year}, of {self.definition.spec.years.first} to {self.last_year}",
            f"  rng {self.seed}, replicate {self.replicate}, parameters {self.parameters}",
            f"  agents: {self._counted()}",
            f"  gains this year: {gains} (see triple_win)",
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from migsim.results.representations import world_card

        facts = {
            "made by": f"rng {self.seed}, replicate {self.replicate}, parameters {self.parameters}",
            "agents": self._counted(),
        }
        return world_card(self.definition, self.year, facts, self.triple_win, self.last_sessions)

    def _counted(self) -> str:
        """How many agents there are of each kind."""
        return ", ".join(f"{len(agents)} {kind.__name__}" for kind, agents in self.agents_by_type.items())


def _of_model(name: str, model: ForumModel) -> Any:
    return model.figures[name]


def _of_agent(name: str, agent: Row) -> Any:
    """A property of an agent, as its mean if it is by theme; None where such agents do not have it."""
    value = getattr(agent, name, None)
    return fmean(value.values()) if isinstance(value, Mapping) else value


def _whole(number: object, what: str) -> int:
    """A whole number >= 0, also as text, as a page's seed box gives it.

    Random streams are keyed by such numbers, so a generator will not do.
    """
    try:
        whole = int(number) if isinstance(number, str) else operator.index(number)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        whole = -1
    if whole < 0:
        msg = f"{what}: found {shown(number)}; allowed is a whole number, 0 or more."
        raise InputError(msg)
    return whole


def _defined(definition: Scenario | str | os.PathLike[str] | None) -> Scenario:
    if isinstance(definition, Scenario):
        return definition
    if definition is not None and not isinstance(definition, str | os.PathLike):
        allowed = "a Scenario, the name of a shipped one, or the path of a file"
        raise InputError(f"definition: found {shown(definition)}; allowed is {allowed}.")
    return load(DEFAULT_SCENARIO if definition is None else definition)


def _changed(definition: Scenario, settings: Settings | None) -> Scenario:
    """The scenario with settings laid over it, under a name that tells them."""
    try:
        changes = {} if settings is None else dict(settings)
    except (TypeError, ValueError) as error:
        msg = (
            f"settings: found {shown(settings)}; allowed is one mapping from dotted path to value, or None; "
            'in mesa.batch_run a list of them: {"settings": [None, {"processes.gfmd.max_themes": 1}]}.'
        )
        raise InputError(msg) from error
    if not changes:
        return definition
    said = [f"{str(path).rpartition('.')[2]} {shown(value)}" for path, value in list(changes.items())[:3]]
    more = f", {len(changes) - 3} more" if len(changes) > 3 else ""
    return definition.vary(f"{definition.name} with {', '.join(said)}{more}"[:200], changes)
