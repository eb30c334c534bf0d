"""Rewrite the generated parts of the documentation: ``python docs/generate.py [--check]``.

A generated part stands between ``<!-- generated: NAME -->`` and ``<!-- end: NAME -->`` and comes from the
registries, the phases or the scenario schema, so that no number and no key is written twice. With ``--check``
nothing is written, and the exit code is 1 if a document is stale; it is 1 as well if a figure of the package
has no entry in ``gallery.toml``.
"""

from __future__ import annotations

import argparse
import csv
import inspect
import pkgutil
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from migsim import plots
from migsim.forum.process import SESSION
from migsim.negotiation import protocol, protocol_names
from migsim.negotiation.catalogue import COLUMNS, protocols
from migsim.negotiation.options import options_of
from migsim.negotiation.persuasion import persuade
from migsim.provenance.claims import stances
from migsim.provenance.parameters import FOLDER, Parameter, registry
from migsim.provenance.sources import FIGURES, findings
from migsim.quantities import UNITS, plain
from migsim.results.interest_findings import Findings
from migsim.results.regime_findings import RegimeFindings
from migsim.results.summary import DIFFERENCE_UNITS, GAIN_UNITS
from migsim.scenario.json_schema import field_docstrings
from migsim.scenario.library import entries
from migsim.scenario.schema import SHOCKS
from migsim.themes import ATTITUDES, THEMES
from migsim.validation.history_findings import HistoryFindings
from migsim.year import PHASES

HERE: Final = Path(__file__).resolve().parent
_BLOCK: Final = re.compile(
    r"(?P<open><!-- generated: (?P<name>[a-z-]+) -->\n).*?(?P<close><!-- end: (?P=name) -->)", re.DOTALL
)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def group_of(row: Parameter) -> str:
    """The group a parameter stands in: its path without the last word."""
    return row.path.rpartition(".")[0]


def groups() -> Mapping[str, list[Parameter]]:
    """The parameters by group, in the order of the registry; levers apart."""
    found: dict[str, list[Parameter]] = defaultdict(list)
    for row in registry().rows:
        if group_of(row) != "levers":
            found[group_of(row)].append(row)
    return found


def shown(value: object) -> str:
    """A default as a scenario file would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, int | float) else str(value)


def drawn_from(row: Parameter) -> str:
    """The range of a parameter that is drawn; what else is said of one that is not."""
    if row.kind == "choice":
        options = ", ".join(f"`{option}`" for option in row.options)
        return f"{options} (drawn)" if row.is_drawn else options
    return row.range_text


def parameter_tables() -> str:
    """One table a group of the registry."""
    head = ("path", "meaning", "unit", "default", "range", "source", "note")
    parts = []
    for group, rows in groups().items():
        cells = [
            (
                f"`{row.path}`", row.title, row.unit, shown(row.default), drawn_from(row),
                " ".join(row.sources), row.note,
            )
            for row in rows
        ]  # fmt: skip
        parts.append(f"#### {group}\n\n{table(head, cells)}")
    return "\n\n".join(parts)


def lever_rows() -> list[dict[str, str]]:
    """The rows of the lever table."""
    return list(csv.DictReader((FOLDER / "levers.csv").read_text(encoding="utf-8").splitlines()))


def lever_table() -> str:
    """The levers of policy, one row a paragraph."""
    head = (
        "theme", "paragraph", "meaning", "acts on", "whose policy", "unit", "size", "range", "sign", "cost",
        "source", "note",
    )  # fmt: skip
    rows = []
    for row in lever_rows():
        cost = f"{row['cost_usd']} a head of {row['cost_base']}" if float(row["cost_usd"]) else "none"
        size = plain(float(row["default"]))
        spread = f"{plain(float(row['low']))} to {plain(float(row['high']))}"
        rows.append((
            row["theme"], f"`{row['paragraph']}`", row["title"], row["acts_on"], row["side"], row["unit"],
            size, spread, row["sign_status"], cost, row["source"], row["note"],
        ))  # fmt: skip
    return table(head, rows)


def stance_table() -> str:
    """The stances of the documents, stakeholders by theme and attitude."""
    known = stances()
    subjects = (*THEMES, *ATTITUDES)
    names = list(dict.fromkeys(stakeholder for stakeholder, _ in known))
    head = ("stakeholder", *(f"`{subject}`" for subject in subjects))
    rows = [
        (name, *(f"{known[name, s].score:+d}" if (name, s) in known else "" for s in subjects))
        for name in names
    ]
    return table(head, rows)


def literature_table() -> str:
    """The published estimates that the registry cites, and how well each was checked."""
    cited = {
        token.partition(":")[2]
        for row in registry().rows
        for token in row.sources
        if token.startswith("literature:")
    }
    head = ("id", "finding", "values", "publication", "how well checked")
    rows = [
        (f"`{name}`", finding.parameter, finding.values, finding.source, finding.status)
        for name, finding in findings().items()
        if name in cited
    ]
    return table(head, rows)


def unit_table() -> str:
    """The units that the registry uses, with the bounds that no scenario may leave."""
    used = {row.unit for row in registry().rows}
    rows = [
        (f"`{unit.name}`", unit.text, unit.bounds)
        for unit in UNITS.values()
        if unit.name in used and unit.name not in ("choice", "flag")
    ]
    return table(("unit", "meaning", "hard bounds"), rows)


def figure_table() -> str:
    """The data files and their originals."""
    return table(("file", "originals"), [(f"`{name}`", originals) for name, originals in FIGURES.items()])


def first_sentence(phase: Callable[..., object]) -> str:
    """The first paragraph of a phase's docstring, on one line."""
    return " ".join((phase.__doc__ or "").strip().split("\n\n")[0].split())


def phase_table() -> str:
    """The phases of a year and, under it, those of a session, in the order in which they run."""

    def rows(phases: Iterable[Callable[..., object]], mark: str) -> list[tuple[str, str, str]]:
        return [
            (
                f"{mark}{number}",
                f"`{phase.__module__.removeprefix('migsim.')}.{phase.__name__}`",
                first_sentence(phase),
            )
            for number, phase in enumerate(phases, start=1)
        ]

    at = [phase.__name__ for phase in PHASES].index("hold_sessions") + 1
    year = rows(PHASES, "")
    return table(("step", "phase", "what happens"), [*year[:at], *rows(SESSION, f"{at}."), *year[at:]])


def choice_table() -> str:
    """The choices, switches and counts that stand directly in a process."""
    inside = ("processes.*", "processes.*.switches")
    rows = [
        (f"`{row.path.removeprefix('processes.*.')}`", row.title, choices_of(row), f"`{shown(row.default)}`")
        for group in inside
        for row in groups()[group]
    ]
    return table(("key", "meaning", "allowed", "default"), rows)


def choices_of(row: Parameter) -> str:
    """What a choice, a flag or a number may be."""
    return ", ".join(f"`{option}`" for option in row.options) or row.allowed


def theme_table() -> str:
    """The themes and the paragraphs of each."""
    by_theme: dict[str, list[str]] = defaultdict(list)
    for row in lever_rows():
        by_theme[row["theme"]].append(f"`{row['paragraph']}`")
    return table(("theme", "paragraphs"), [(f"`{theme}`", ", ".join(by_theme[theme])) for theme in THEMES])


def gain_units() -> str:
    """The quantities of ``gains.csv``."""
    rows = [(f"`{name}`", unit) for name, unit in GAIN_UNITS.items()]
    rows += [(f"`difference_{name}`", unit) for name, unit in DIFFERENCE_UNITS.items()]
    return table(("quantity", "unit"), rows)


def key_tables() -> str:
    """The keys of a scenario file with their meaning, from the schema's own docstrings."""
    documented = field_docstrings()
    sections = (
        ("Top of the file", "Spec", ("extends", "The file or shipped scenario that this one changes.")),
        ("`years`", "Years", None),
        ("`processes.<name>`", "Process", ("extends", "The process of the library that this one changes.")),
        ("`processes.<name>.sessions`, each item", "Session", None),
        ("`processes.<name>.participants`", "Participants", None),
        ("`processes.<name>.cadence`", "Cadence", None),
        ("`processes.<name>.convening`, beside its parameters", "Convening", None),
        ("`processes.<name>.links`, beside its parameters", "Links", None),
        ("`processes.<name>.instrument`, beside its parameters", "Instrument", None),
        ("`processes.<name>.protocol`, beside its parameters", "Negotiation", None),
        ("`design`, what `migsim sweep` varies", "Experiment", None),
        ("`design.over`, each item", "Varied", None),
        *((f"`shocks.<name>` of kind `{kind}`", model.__name__, None) for kind, model in SHOCKS.items()),
    )
    parts = []
    for title, model, more in sections:
        rows = [(f"`{more[0]}`", more[1])] if more else []
        rows += [(f"`{name}`", " ".join(text.split())) for name, text in documented[model].items()]
        parts.append(f"**{title}**\n\n{table(('key', 'meaning'), rows)}")
    return "\n\n".join(parts)


def protocol_table() -> str:
    """The protocols and what is known of them."""
    rows = [
        (
            f"`{row['name']}`",
            *("yes" if cell is True else "no" if cell is False else str(cell) for cell in cells),
        )
        for row in protocols().to_dict("records")
        for cells in [[row[name] for name in COLUMNS[1:]]]
    ]
    return table((name.replace("_", " ") for name in COLUMNS), rows)


def protocol_options() -> str:
    """The equations and options of each protocol, from its own file."""
    parts = []
    for name in protocol_names():
        way = protocol(name)
        equations = equations_of(way.negotiate.__module__)
        rows = [
            (
                f"`{option.name}`" + (f" ({option.symbol})" if option.symbol else ""),
                option.meaning,
                f"`{shown(option.default)}`",
                option.allowed.removeprefix("allowed: "),
            )
            for option in options_of(way.options).values()
        ]
        options = table(("option", "meaning", "default", "allowed"), rows) if rows else "It has no options."
        parts.append(f"### {name}\n\n{markdown(equations)}\n\n{options}")
    return "\n\n".join(parts)


def equations_of(module: str) -> str:
    """What a module's docstring says before its examples."""
    said = inspect.cleandoc(import_module(module).__doc__ or "")
    return said.partition("\nExamples\n")[0].strip()


def protocol_parts() -> str:
    """The equations of the modules that the protocols' own refer to, in the order in which they do."""
    named: dict[str, None] = {}
    pending = [protocol(name).negotiate.__module__ for name in protocol_names()] + [persuade.__module__]
    whole = set(pending) - {persuade.__module__}
    while pending:
        module = pending.pop(0)
        if module not in whole:
            named[module] = None
        found = re.findall(r"`(migsim\.negotiation\.\w+)`", equations_of(module))
        pending += [other for other in found if other not in named and other not in whole]
    return "\n\n".join(
        f"### {module.rpartition('.')[2]}\n\n{markdown(equations_of(module))}" for module in named
    )


def markdown(docstring: str) -> str:
    """A docstring's text with its indented blocks fenced and its double backquotes single."""
    lines: list[str] = []
    is_code = False
    for line in docstring.splitlines():
        if line.startswith("    ") and not is_code:
            lines += ["```text"]
            is_code = True
        elif line and not line.startswith("    ") and is_code:
            while not lines[-1]:
                lines.pop()
            lines += ["```", ""]
            is_code = False
        lines.append(line[4:] if is_code else re.sub(r"::$", ":", line.replace("``", "`")))
    while is_code and not lines[-1]:
        lines.pop()
    return "\n".join([*lines, "```"] if is_code else lines)


def library_table(columns: Mapping[str, str]) -> str:
    """Some columns of the library of processes, each by the heading it gets."""
    rows = [
        (
            f"`{each.name}`",
            *(", ".join(cell) if isinstance(cell, tuple) else cell for cell in cells),
        )
        for each in entries().values()
        for cells in [[getattr(each, column) for column in columns.values()]]
    ]
    return table(("name", *columns), rows)


def library_who() -> str:
    """The processes of the library: who meets, when, and on what."""
    return library_table(
        {
            "process": "title",
            "participants": "participants",
            "convener": "convener",
            "chair": "chair",
            "when": "when",
            "agenda": "agenda",
        }
    )


def library_outcome() -> str:
    """The processes of the library: how they decide, and what comes out."""
    return library_table(
        {
            "how a text comes about, and who can block": "rule",
            "output": "output",
            "binds": "binds",
            "links": "links",
        }
    )


def library_sources() -> str:
    """The processes of the library: what the documents say and leave open."""
    return library_table(
        {"stands for": "row", "evidence": "evidence", "what the documents leave open": "silent_on"}
    )


def library_descriptions() -> str:
    """What each process of the library is and does, in its file's words."""
    return "\n".join(f"- **`{each.name}`**: {each.description}" for each in entries().values())


def group_list() -> str:
    """The groups of parameters that a scenario may set."""
    levers = len(registry().group("levers"))
    rows = [(f"`{group}`", str(len(rows))) for group, rows in groups().items()]
    return table(("group", "parameters"), [*rows, ("`levers`", str(levers))])


def sensitivity_findings() -> str:
    """What the analysis of sensitivity found, as ``docs/figures.py`` wrote it down: a list for each part."""
    head, *parts = (HERE / "tables" / "sensitivity.txt").read_text(encoding="utf-8").strip().split("\n\n")
    told = head.splitlines()
    for part in parts:
        name, *lines = part.splitlines()
        told += [f"**{name}**", "\n".join(f"- {line.strip()}" for line in lines)]
    return "\n\n".join(told)


GALLERY: Final = HERE / "gallery.toml"
"""Every figure of the package, and the code that makes it; ``docs/figures.py`` draws them."""


def gallery_sections() -> list[dict[str, Any]]:
    """The sections of the gallery: title, and for each figure name, function, code and what it shows."""
    sections: list[dict[str, Any]] = tomllib.loads(GALLERY.read_text(encoding="utf-8"))["section"]
    return sections


def gallery() -> str:
    """Every figure with a sentence on what it shows, the code that makes it, and the picture."""
    parts = []
    for section in gallery_sections():
        parts.append(f"## {section['title']}")
        for figure in section["figures"]:
            heading = figure["name"].replace("_", " ").capitalize()
            code = f"```python\n{figure['code']}\n```"
            picture = f"![{heading}](figures/gallery/{figure['name']}.png)"
            parts += [f"### {heading}", figure["shows"], code, picture]
    return "\n\n".join(parts)


def gallery_objects() -> str:
    """What the lines of the gallery stand on, as code."""
    objects = tomllib.loads(GALLERY.read_text(encoding="utf-8"))["objects"]
    return "\n".join(["```python", *(f"{name} = {code}" for name, code in objects.items()), "```"])


def figure_functions() -> dict[str, Callable[..., Any]]:
    """The public functions of `migsim.plots` that draw a figure, by place: those that take ``ax=None``."""
    found = {}
    for each in pkgutil.iter_modules(plots.__path__, "migsim.plots."):
        module = import_module(each.name)
        for name in getattr(module, "__all__", ()):
            function = getattr(module, name)
            if inspect.isfunction(function) and function.__module__ == module.__name__:
                taken = inspect.signature(function).parameters.get("ax")
                if taken is not None and taken.default is None:
                    found[f"{each.name.rpartition('.')[2]}.{name}"] = function
    return found


def missing_from_gallery() -> list[str]:
    """Figures of the package that the gallery does not show, by module and name."""
    shown = {drawn_by(figure["draws"]) for section in gallery_sections() for figure in section["figures"]}
    return sorted(name for name, function in figure_functions().items() if function not in shown)


def drawn_by(name: str) -> Callable[..., Any]:
    """The function that an entry of the gallery names: one of `migsim.plots`, or of a module of it."""
    module, _, function = name.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(f"migsim.plots.{module}".rstrip(".")), function)
    return found


INTERESTS: Final = Findings()
"""Found when first asked for, and kept: the payoffs take a second or two."""

FOUND: Final = RegimeFindings(HERE / "tables" / "regimes.csv")
"""Read when first asked for."""

HISTORY: Final = HistoryFindings(HERE / "tables" / "history.csv", HERE / "tables" / "history_varied.csv")
"""Read when first asked for."""

PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "phases": phase_table,
    "parameters": parameter_tables,
    "levers": lever_table,
    "stances": stance_table,
    "literature": literature_table,
    "units": unit_table,
    "figures": figure_table,
    "gains": gain_units,
    "keys": key_tables,
    "groups": group_list,
    "choices": choice_table,
    "protocols": protocol_table,
    "protocol-options": protocol_options,
    "protocol-parts": protocol_parts,
    "themes": theme_table,
    "library-who": library_who,
    "library-outcome": library_outcome,
    "library-sources": library_sources,
    "library-descriptions": library_descriptions,
    "interests-states": INTERESTS.states,
    "interests-gains": INTERESTS.stances_and_gains,
    "interests-themes": INTERESTS.themes,
    "interests-findings": INTERESTS.sentences,
    "regimes": FOUND.descriptions,
    "regimes-gains": FOUND.gains,
    "regimes-differences": FOUND.differences,
    "regimes-findings": FOUND.sentences,
    "history-scores": HISTORY.scores,
    "history-findings": HISTORY.sentences,
    "history-varied": HISTORY.sensitivities,
    "sensitivity-findings": sensitivity_findings,
    "gallery": gallery,
    "gallery-objects": gallery_objects,
}
"""What can be generated, by the name in the marker."""


def renewed(text: str) -> str:
    """The document with every generated part made anew."""
    return _BLOCK.sub(lambda found: f"{found['open']}\n{PARTS[found['name']]()}\n\n{found['close']}", text)


def stale_documents(folder: Path = HERE) -> dict[Path, str]:
    """Documents that are not as the registries have them, and what they should be."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    return {path: new for path, text in texts.items() if (new := renewed(text)) != text}


def main(arguments: list[str] | None = None) -> int:
    """Write what is stale, or only say so."""
    parser = argparse.ArgumentParser(description="Rewrite the generated parts of the documentation.")
    parser.add_argument("--check", action="store_true", help="only say what is stale; exit code 1 if any is")
    only_check = parser.parse_args(arguments).check
    stale = stale_documents()
    for path, text in stale.items():
        if only_check:
            print(f"{path.name} is stale: run `make docs`", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{path.name} rewritten")
    missing = missing_from_gallery()
    for name in missing:
        print(f"{GALLERY.name} has no entry for migsim.plots.{name}: add a line", file=sys.stderr)
    return 1 if missing or (only_check and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
