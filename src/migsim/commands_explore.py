"""The command that opens a page in the browser on which a world is lived year by year."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from migsim.command_parts import Seed
from migsim.commands import ScenarioFile, Settings, app
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.errors import EnvironmentProblem

__all__ = ["app"]


@app.command()
def explore(
    file: ScenarioFile,
    settings: Settings = None,
    seed: Seed = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="PORT", min=1, max=65535, help="Port of this computer; by default a free one."
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
) -> None:
    """Open a page on which a world is lived year by year, beside the same world without a forum."""
    from migsim.explore.choices import Choice
    from migsim.explore.serving import MISSING, is_installed, listen, serve
    from migsim.scenario.load import load

    load(file, settings or ())
    if not is_installed():
        raise EnvironmentProblem(MISSING)
    bound = listen(port)
    from migsim.explore.life import Life

    choice = Choice(file, tuple(settings or ()), DEFAULT_SEED if seed is None else seed)
    Life(choice)

    def tell(address: str) -> None:
        typer.echo(f"Explore: {address}")
        typer.echo("Only this computer can open it. Ctrl-C ends it.")
        sys.stdout.flush()
        if browser:
            _open(address)

    serve(choice, bound, tell)


def _open(address: str) -> None:
    """Ask the browser to show the page, aside from the server; without a screen, nothing happens."""
    import os
    import threading
    import webbrowser

    has_screen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform.startswith("linux") and not has_screen:
        return  # what would answer is a browser that takes the terminal
    threading.Thread(target=lambda: webbrowser.open(address), daemon=True).start()
