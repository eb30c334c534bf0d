"""Serving the page to this computer alone, until it is interrupted."""

from __future__ import annotations

import errno
import gc
import os
import socket
import tempfile
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from migsim.errors import EnvironmentProblem

if TYPE_CHECKING:
    from migsim.explore.choices import Choice

__all__ = ["HOST", "is_installed", "listen", "serve"]

HOST: Final = "127.0.0.1"
"""The page is never offered to another computer."""
MISSING: Final = 'the page needs solara, which is not installed: pip install "migsim[explore]"'
NOWHERE: Final = "http://127.0.0.1:9/"
"""Where assets are looked for that solara-assets lacks: nowhere, so that nothing leaves this computer."""
ABSENCE: Final = "2h"
"""How long a visit is kept whose browser is gone."""


def is_installed() -> bool:
    """Whether the libraries of the page are there."""
    return all(find_spec(name) is not None for name in ("solara", "uvicorn", "starlette", "ipyvuetify"))


def listen(port: int | None) -> socket.socket:
    """A socket of this computer alone that takes connections from now on.

    Parameters
    ----------
    port
        Which; None takes a free one.

    Raises
    ------
    EnvironmentProblem
        If the port is in use, or not allowed.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port or 0))
        bound.listen(128)
    except OSError as error:
        bound.close()
        why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        remedy = "choose another with --port, or leave --port out to take a free one"
        raise EnvironmentProblem(f"port {port} of {HOST} {why}; {remedy}") from None
    return bound


def serve(choice: Choice, bound: socket.socket, on_ready: Callable[[str], None]) -> None:
    """Serve the page until the process is told to stop.

    Parameters
    ----------
    choice
        What every visitor's page begins with; it must be one that can be lived.
    bound
        From `listen`.
    on_ready
        Told the address of the page when it is there.

    Raises
    ------
    EnvironmentProblem
        If the libraries of the page are not there.
    """
    if not is_installed():
        raise EnvironmentProblem(MISSING)
    with tempfile.TemporaryDirectory(prefix="migsim-explore-") as home:
        _keep_to_ourselves(home)
        from migsim.explore.guard import Guard, application, server

        # The page is of this computer alone and stands in no frame: the usual cookie is right.
        warnings.filterwarnings("ignore", message="Cookies with samesite", category=UserWarning)
        app, page = application()
        page.open_with(choice)
        address = f"http://{HOST}:{bound.getsockname()[1]}/"
        try:
            server(Guard(app), lambda: on_ready(address), page.close).run(sockets=[bound])
        finally:
            page.close()
            bound.close()
            # The process is about to end: else each visit's shell looks through all there is, for seconds.
            gc.freeze()


def _keep_to_ourselves(home: str) -> None:
    """Set solara up, before it is imported, to write nowhere and to ask nobody."""
    os.environ.update(
        MPLBACKEND="agg",
        SOLARA_HOME=home,
        SOLARA_MODE="production",
        SOLARA_TELEMETRY_MIXPANEL_ENABLE="false",
        SOLARA_ASSETS_PROXY="true",
        SOLARA_ASSETS_CDN=NOWHERE,
        SOLARA_THEME_TITLE="migsim explore",
        SOLARA_THEME_SHOW_BANNER="false",
        SOLARA_SESSION_HTTP_ONLY="true",
        SOLARA_KERNEL_CULL_TIMEOUT=ABSENCE,
    )
