"""A scenario: what it sets, what follows from the registry, and how to vary it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, ScenarioError, shown
from migsim.facts.codes import state_names
from migsim.provenance.parameters import registry
from migsim.scenario.process_rules import years_of_sessions
from migsim.scenario.rules import slug
from migsim.scenario.tree import Node, Place, fault_at, merged, nested

if TYPE_CHECKING:
    from migsim.facts.own import Own
    from migsim.scenario.description import Description
    from migsim.scenario.schema import Spec

__all__ = ["Scenario"]

_NO_MEANING: Final = ("name", "title", "description", "design")


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """One scenario, checked and frozen; a change is a new scenario made by `vary`.

    Two scenarios are equal if they set the same things, wherever they were set.
    """

    tree: Node
    """Everything that is set, each value with its place."""
    content: Mapping[str, Any]
    """Everything that is set, as plain data in its final form."""
    behaviours: tuple[tuple[str, object], ...] = field(default=())
    """States whose behaviour is replaced: code and behaviour."""

    @property
    def name(self) -> str:
        """Short name, fit for a file."""
        return str(self.content["name"])

    @property
    def title(self) -> str:
        """Name for figures and reports."""
        return str(self.content.get("title") or self.name)

    @property
    def description(self) -> str:
        """What the scenario is about."""
        return str(self.content.get("description", ""))

    @cached_property
    def spec(self) -> Spec:
        """The whole scenario as a frozen model, registry defaults included."""
        from migsim.scenario.groups import complete_model, validated

        return validated(complete_model(), self.tree)

    def value(self, path: str) -> Any:
        """The value at a dotted path: what the scenario sets, or else the default.

        Raises
        ------
        ScenarioError
            If there is no such path in this scenario.
        """
        is_set, value = _walked(self.content, path)
        if is_set and not isinstance(value, Mapping | list):
            return value
        row = registry().match(path)
        if row is not None and self._has_process(path):
            return row.default
        known, value = _walked(self.resolved(), path)
        if not known:
            raise self._unknown(path)
        return value

    def is_pinned(self, path: str) -> bool:
        """Whether the path is set by the file, a parent, ``--set`` or `vary`, and so never drawn."""
        return self.tree.find(path) is not None

    def describe(self, path: str) -> Description:
        """What is at a path: value, unit, range, default, source, and who set it.

        Raises
        ------
        ScenarioError
            If there is no such path in this scenario.
        """
        from migsim.scenario.description import described

        row = registry().match(path)
        value = self.value(path)
        node = self.tree.find(path)
        kind = self.tree.find(f"{path.rpartition('.')[0]}.kind")
        return described(path, value, row, node, kind.value if kind else None)

    def vary(self, title: str, values: Mapping[str, object]) -> Scenario:
        """A new scenario that differs in some paths.

        Parameters
        ----------
        title
            Name of the new scenario in figures; its short name is made from it.
        values
            New value by dotted path. ``None`` removes a value, ``{}`` empties a mapping.

        Raises
        ------
        ScenarioError
            If a path is unknown or a value is not allowed.
        InputError
            If the title is no text, or the values are no mapping.
        """
        from migsim.scenario.load import changes, checked, overlaid

        if not isinstance(title, str):
            raise InputError(f"title: found {shown(title)}; allowed is a text.")
        if not isinstance(values, Mapping):
            raise InputError(f"values: found {shown(values)}; allowed is a mapping from path to value.")
        place = Place(f"vary: {title}")
        name = slug(title)
        if not name:
            found = f"title {shown(title)}"
            raise ScenarioError([fault_at(place, "title", found, "a title has letters or digits", "name it")])
        tree = self.tree.without("description")
        for key, text in (("name", name), ("title", title)):
            tree = merged(tree, nested(key, Node(text, place, place)))
        return checked(overlaid(tree, changes(title, values)), self.behaviours)

    def with_facts(self, path: str | os.PathLike[str], title: str | None = None) -> Scenario:
        """A new scenario with figures of one's own laid over ours, beside those that it may have already.

        Parameters
        ----------
        path
            CSV file with the columns ``state``, ``quantity``, ``year``, ``value`` and ``source``; see
            `migsim.facts.own.QUANTITIES` for what there may be.
        title
            Name of the new scenario in figures; by default this one's, with "own figures" behind it.

        Raises
        ------
        ScenarioError
            With everything that is wrong with the file.
        InputError
            If the path is none.
        """
        from migsim.scenario.load import checked
        from migsim.scenario.own_facts import KEY, read_facts

        read = nested(KEY, read_facts(path))
        named = self.vary(f"{self.title}, own figures" if title is None else title, {})
        return checked(merged(named.tree, read), self.behaviours)

    @property
    def own_facts(self) -> tuple[Own, ...]:
        """The figures of a user's own that are laid over ours, by state, quantity and year."""
        from migsim.facts.own import Own

        facts = self.content.get("facts", {})
        return tuple(
            sorted(
                Own(state, quantity, int(year), float(figure["value"]))
                for state, quantities in facts.items()
                for quantity, by_year in quantities.items()
                for year, figure in by_year.items()
            )
        )

    def with_behaviour(self, iso3: str, behaviour: object) -> Scenario:
        """The same scenario with one state's behaviour replaced by the user's own.

        Raises
        ------
        ScenarioError
            If there is no such state.
        InputError
            If the behaviour is a class, has none of the hooks, or has a method that is nearly one of them.
        """
        from migsim.scenario.hooks import refuse_no_behaviour

        if not isinstance(iso3, str) or iso3 not in state_names():
            place = Place("with_behaviour")
            found = f"unknown state {shown(iso3)}"
            raise ScenarioError([fault_at(place, "", found, "an ISO 3166 code, such as MEX")])
        refuse_no_behaviour(iso3, behaviour)
        others = tuple(pair for pair in self.behaviours if pair[0] != iso3)
        return replace(self, behaviours=tuple(sorted((*others, (iso3, behaviour)), key=lambda pair: pair[0])))

    def resolved(self) -> dict[str, Any]:
        """Everything as plain nested data, registry defaults included."""
        return self.spec.model_dump(mode="json")

    def to_yaml(self) -> str:
        """The scenario as a file without parents: what it sets and nothing else; it reloads equal."""
        from ruamel.yaml import YAML

        writer: Any = YAML(typ="safe", pure=True)
        writer.default_flow_style = False
        writer.allow_unicode = True
        writer.sort_base_mapping_type_on_output = False
        writer.representer.ignore_aliases = lambda *_: True
        text = io.StringIO()
        writer.dump(_with_years(self.content), text)
        return text.getvalue()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what the scenario means: what it sets, and every default of the registry.

        Name, title, description and design mean nothing to the world and are left out.
        """
        import hashlib
        import json

        meaning = {
            "content": {key: value for key, value in self.content.items() if key not in _NO_MEANING},
            "registry": {row.path: [row.default, row.low, row.high] for row in registry().rows},
            "behaviours": self.behaviour_records,
        }
        text = json.dumps(meaning, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    @cached_property
    def behaviour_records(self) -> tuple[dict[str, str], ...]:
        """What tells the behaviours from others when first asked: a run may change what they hold.

        Kept when the scenario travels, so that every process knows it by the same hash.
        """
        from migsim.scenario.behaviour_marks import behaviour_record

        return tuple(behaviour_record(iso3, behaviour) for iso3, behaviour in self.behaviours)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return self.content == other.content and self.behaviours == other.behaviours

    def __hash__(self) -> int:
        return int(self.hash[:15], 16)

    def __getstate__(self) -> dict[str, Any]:
        # The model classes are made when needed and cannot travel to another process; the content can.
        return {key: value for key, value in self.__dict__.items() if key not in ("spec", "hash")}

    def __repr__(self) -> str:
        return "\n".join(self._summary())

    def _repr_html_(self) -> str:
        from migsim.scenario.representations import scenario_card

        return scenario_card(self)

    def _summary(self) -> Iterator[str]:
        from migsim.scenario.schema import Years

        yield f"Scenario {self.name}: {self.title}"
        years = self.content.get("years", {})
        usual = Years.model_fields
        first, last = (years.get(end, usual[end].default) for end in ("first", "last"))
        yield f"  years: {first} to {last}"
        processes = self.content.get("processes", {})
        for name in list(processes)[:4]:
            met = [year for year in years_of_sessions(processes[name]) if first <= year <= last]
            years_met = f" ({met[0]} to {met[-1]})" if len(met) > 1 else f" ({met[0]})" if met else ""
            yield f"  process {name}: {len(met)} {'session' if len(met) == 1 else 'sessions'}{years_met}"
        if len(processes) > 4:
            yield f"  ... and {len(processes) - 4} more processes"
        if not processes:
            yield "  no forum"
        shocks = self.content.get("shocks", {})
        yield f"  shocks: {', '.join(list(shocks)[:6]) or 'none'}"
        pinned = sum(1 for path in self.tree.paths() if registry().match(path) is not None)
        yield f"  parameters: {pinned} set here, the others from the registry ({len(registry())} rows)"
        if facts := self.content.get("facts", {}):
            told = ", ".join(sorted(facts)[:6]) + (", ..." if len(facts) > 6 else "")
            n = sum(len(by_year) for quantities in facts.values() for by_year in quantities.values())
            yield f"  own figures: {n}, of {told}"
        if self.behaviours:
            yield f"  behaviours replaced: {', '.join(iso3 for iso3, _ in self.behaviours[:8])}"

    def _has_process(self, path: str) -> bool:
        names = path.split(".")
        return names[0] != "processes" or names[1] in self.content.get("processes", {})

    def _unknown(self, path: str) -> ScenarioError:
        from migsim.scenario.wording import absent_name, unknown_path

        place = Place(self.name)
        absent = absent_name(self.tree, path, place)
        return ScenarioError([absent or unknown_path(path, None, Node(None, place, place))])


def _walked(content: Any, path: str) -> tuple[bool, Any]:
    """Whether plain nested data has a path, and its value."""
    for name in path.split("."):
        if isinstance(content, Mapping) and name in content:
            content = content[name]
        elif isinstance(content, list) and name.isdecimal() and int(name) < len(content):
            content = content[int(name)]
        else:
            return False, None
    return True, content


def _with_years(content: Any) -> Any:
    """The content with years as numbers again where they are keys."""
    if isinstance(content, Mapping):
        return {int(key) if key.isdecimal() else key: _with_years(value) for key, value in content.items()}
    return [_with_years(item) for item in content] if isinstance(content, list) else content
