"""The commands that let actors negotiate alone, and that show and verify the protocols."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from migsim.command_parts import Out
from migsim.commands import app
from migsim.errors import FINE, SOME_RUNS_FAILED, Fault, ScenarioError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from migsim.negotiation.options import Option
    from migsim.results.negotiations import Negotiation

__all__ = ["app"]

OPTION: Final = "--option"
VERIFY: Final = "verify"
WIDE: Final = 150
"""Columns of a table that goes to a file, where nothing is too wide."""
MOST_THEMES_TOLD: Final = 20


@app.command()
def negotiate(
    file: Annotated[
        str,
        typer.Argument(
            metavar="INPUT.csv",
            help="Columns actor, role, capability, theme, position (0-100), salience (0-1).",
        ),
    ],
    protocol: Annotated[
        str, typer.Option("--protocol", metavar="NAME", help="One of those that migsim protocols lists.")
    ] = "no_objection",
    options: Annotated[
        list[str] | None,
        typer.Option(
            OPTION, metavar="KEY=VALUE", help="An option, as migsim protocols NAME lists them; repeatable."
        ),
    ] = None,
    out: Out = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no table.")] = False,
) -> None:
    """Let the actors of a table negotiate, outside any forum."""
    from migsim.negotiation.alone import settlement
    from migsim.negotiation.registry import protocol as named
    from migsim.results.negotiations import held_mark, of_settlement, refuse_taken

    given = read_options(options or ())
    rules = named(protocol)
    if out:
        refuse_taken(out, rules.name)
    with warnings.catch_warnings(record=True, action="always", category=UserWarning) as told:
        done = of_settlement(settlement(file, protocol, given, OPTION))
    for each in told:
        typer.echo(f"Note: {each.message}", err=True)
    folder = out or Path("runs") / f"negotiate-{Path(file).stem}-{rules.name}-{done.mark}"
    if held_mark(folder) not in (None, done.mark):
        typer.echo(f"Note: another negotiation in {folder} is replaced", err=True)
    done.save(folder)
    if not quiet:
        _tell(done)
    typer.echo(f"Results: {folder}")
    if not quiet:
        typer.echo(
            f"  {', '.join([*(f'{name}.csv' for name in done.frames()), 'positions.png', 'manifest.json'])}"
        )


@app.command()
def protocols(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help=f"One protocol, to see its options; or {VERIFY}."),
    ] = None,
) -> None:
    """List the negotiation protocols, show one and its options, or verify all against reference results."""
    if name == VERIFY:
        raise typer.Exit(_verify())
    if name is None:
        _list()
    else:
        _show(name)


def read_options(words: Sequence[str]) -> dict[str, object]:
    """Options by name, from ``KEY=VALUE``.

    Raises
    ------
    ScenarioError
        Naming each that has no name or no value, or is given twice.
    """
    given: dict[str, object] = {}
    faults = []
    for word in words:
        key, equals, value = (part.strip() for part in word.partition("="))
        if not (key and equals and value):
            allowed = "allowed: KEY=VALUE"
            faults.append(Fault(OPTION, 0, 0, "", f"found {word!r}", allowed, "write it as in rounds=5"))
        elif key in given:
            faults.append(Fault(OPTION, 0, 0, key, "given twice", "once each", "leave one out"))
        given[key] = value
    if faults:
        raise ScenarioError(faults)
    return given


def _tell(done: Negotiation) -> None:
    """The texts, theme by theme."""
    console, table = (
        _console(),
        _plain_table("theme", "text", "ambiguity", "adopted", "against", "pledged", "compromise"),
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for row in done.text.head(MOST_THEMES_TOLD).to_dict("records"):
        numbers = [f"{row[column]:.2f}" for column in ("position", "ambiguity")]
        said = "yes" if row["adopted"] else "no"
        counts = (str(row["objections"]), str(row["pledged"]))
        table.add_row(_safe(row["theme"]), *numbers, said, *counts, f"{row['compromise']:.2f}")
    console.print(f"{repr(done).splitlines()[0]}; positions and ambiguity from 0 to 100\n", markup=False)
    console.print(table)
    if (more := len(done.text) - MOST_THEMES_TOLD) > 0:
        console.print(f"... and {more} more in text.csv")
    console.print()


def _list() -> None:
    from migsim.negotiation.catalogue import protocols as all_protocols

    table = _plain_table(
        "name", "title", "themes", "salience needed", "who may block", "deterministic", "cost", "reference"
    )
    for row in all_protocols().to_dict("records"):
        needs = "yes" if row["needs_salience"] else "no"
        cells = [row["name"], row["title"], row["themes"], needs]
        last = ("who_may_block", "deterministic", "cost", "reference")
        table.add_row(*map(_safe, [*cells, *(str(row[name]) for name in last)]))
    for column in table.columns:
        column.overflow = "fold"
    table.columns[0].no_wrap = True
    _console().print(table)
    typer.echo(
        f"\nn: number of actors. Options: migsim protocols NAME. Verification: migsim protocols {VERIFY}."
    )


def _show(name: str) -> None:
    from migsim.negotiation.alone import Setup
    from migsim.negotiation.catalogue import properties
    from migsim.negotiation.options import options_of
    from migsim.negotiation.persuasion import Persuasion
    from migsim.negotiation.registry import protocol as named

    rules = named(name)
    told = properties(rules)
    console = _console()
    console.print(f"{rules.title} ({rules.name})", markup=False, style="bold")
    console.print(rules.summary, markup=False)
    console.print(
        f"Themes are settled {told['themes']}. Salience needed: {'yes' if told['needs_salience'] else 'no'}."
        f" Who may block: {told['who_may_block']}. Deterministic: {told['deterministic']}."
        f" Cost: {told['cost']}, n actors. Reference: {told['reference']}.\n",
        markup=False,
    )
    own = options_of(rules.options)
    _options(console, "Its options", own) if own else console.print("It has no options of its own.\n")
    _options(console, "Persuasion before it", options_of(Persuasion))
    _options(console, "Options of every protocol", options_of(Setup))


def _options(console: Console, heading: str, options: dict[str, Option]) -> None:
    table = _plain_table(heading, "default", "allowed", "meaning")
    for option in options.values():
        name = f"{option.name} ({option.symbol})" if option.symbol else option.name
        default = str(option.default).lower() if option.kind == "flag" else _number(option.default)
        table.add_row(*map(_safe, (name, default, option.allowed.removeprefix("allowed: "), option.meaning)))
    table.columns[0].no_wrap = True
    console.print(table)
    console.print()


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _verify() -> int:
    from migsim.negotiation.verification import checks

    table = _plain_table("protocol", "case", "quantity", "n", "largest difference", "stated precision", "")
    for column in table.columns[3:6]:
        column.justify = "right"
    found = []
    for check in checks():
        found.append(check)
        colour = {True: "green", False: "red", None: "dim"}[check.passed]
        cells = [check.protocol, check.case, check.quantity, f"{check.n:,}", check.difference_told]
        table.add_row(*map(_safe, [*cells, check.precision_told]), f"[{colour}]{check.verdict}[/{colour}]")
    _console().print(table)
    n = {state: sum(check.passed is state for check in found) for state in (True, False, None)}
    typer.echo(f"\n{len(found)} checks: {n[True]} pass, {n[False]} fail, {n[None]} known not to match.")
    return SOME_RUNS_FAILED if n[False] else FINE


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDE)


def _plain_table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column)
    return table


def _safe(words: Any) -> str:
    """Words that are no markup."""
    from rich.markup import escape

    return escape(str(words))
