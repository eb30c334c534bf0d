"""The command that lists the processes of the library, and shows what one is made of and rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Final

import typer

from migsim.commands import app

if TYPE_CHECKING:
    from rich.console import Console

    from migsim.scenario.library import Entry

__all__ = ["app"]

WIDE: Final = 170
"""Columns of a table that goes to a file, where nothing is too wide."""
_LISTED: Final = ("name", "title", "participants", "when", "output", "rule")


@app.command()
def processes(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="One process, to see what it is made of and rests on."),
    ] = None,
) -> None:
    """List the processes of the library, or show one: its composition, evidence, and what is left open."""
    if name is None:
        _list()
    else:
        _show(name)


def _list() -> None:
    from rich.markup import escape
    from rich.table import Table

    from migsim.scenario.library import entries

    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in _LISTED:
        table.add_column(column, overflow="fold", no_wrap=column == "name")
    for each in entries().values():
        table.add_row(*(escape(getattr(each, column)) for column in _LISTED))
    _console().print(table)
    typer.echo(
        "\nOne of them: migsim processes NAME. Alone: migsim run NAME. In a scenario: processes: {NAME:"
        " {extends: NAME}}."
    )


def _show(name: str) -> None:
    from migsim.scenario.library import entry

    found = entry(name)
    console = _console()
    console.print(f"{found.title} ({found.name})", markup=False, style="bold")
    console.print(found.description, markup=False)
    console.print()
    for label, told in _composition(found):
        console.print(f"  {label:13} {told}", markup=False, soft_wrap=True)
    console.print("\nThe documents:", markup=False)
    for line in _evidence(found):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    if found.silent_on:
        console.print(f"\nLeft open by the documents: {found.silent_on}.", markup=False)


def _composition(found: Entry) -> Iterator[tuple[str, str]]:
    """What it is made of, phase by phase; what does not apply is left out."""
    told = {
        "convener": found.convener,
        "facilitator": found.facilitator,
        "participants": found.participants,
        "chair": found.chair,
        "when": found.when,
        "agenda": found.agenda,
        "rule": found.rule,
        "output": found.output,
        "binds": found.binds,
        "links": found.links,
        "set here": ", ".join(f"{path} {_plain(value)}" for path, value in found.settings.items()),
        "stands for": found.row,
    }
    yield from ((label, text) for label, text in told.items() if text)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _evidence(found: Entry) -> Iterator[str]:
    from migsim.provenance.claims import claim

    width = max(map(len, found.evidence), default=0)
    for identifier in found.evidence:
        each = claim(identifier)
        yield f"{identifier:{width}}  {each.claim} (document {each.document}, {each.locator})"


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDE)
