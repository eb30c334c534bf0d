"""The commands of ``migsim``, as typer sees them.

A command imports what it needs when it is called, so that the others start fast. To add one, write a
function under ``@app.command()``; what it raises of `InputError` and `EnvironmentProblem` becomes a message
and an exit code in ``migsim.cli``.
"""

from __future__ import annotations

from typing import Annotated

import typer

from migsim.errors import FINE

__all__ = ["ScenarioFile", "Settings", "app"]

app = typer.Typer(
    name="migsim",
    help="Simulate multilateral migration forums and ask whether they yield a triple win.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ScenarioFile = Annotated[str, typer.Argument(metavar="FILE", help="A scenario file or a shipped scenario.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Set one value, as in processes.gfmd.max_themes=3."),
]


def _version(is_asked: bool) -> None:
    if is_asked:
        from migsim import __version__

        typer.echo(f"migsim {__version__}")
        raise typer.Exit(FINE)


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Simulate multilateral migration forums and ask whether they yield a triple win."""


@app.command()
def check(file: ScenarioFile, settings: Settings = None) -> None:
    """Check a scenario file, and say everything that is wrong with it."""
    from migsim.scenario.checking import check as checked

    typer.echo(checked(file, settings or ()))


@app.command()
def scenarios() -> None:
    """List the shipped scenarios."""
    from migsim.scenario.load import shipped

    titles = shipped()
    width = max(map(len, titles), default=0)
    for name, title in titles.items():
        typer.echo(f"{name:{width}}  {title}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json

    from migsim.scenario.json_schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
