"""The server of the page: who may ask it, and how it ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final
from urllib.parse import urlsplit

__all__ = ["Guard", "application", "server"]

OURS: Final = ("127.0.0.1", "localhost")
"""What a browser on this computer calls us; a page from elsewhere that is led here by its name is refused."""
SECONDS_TO_CLOSE: Final = 2


class Guard:
    """Lets requests of this computer's own pages through, and no others.

    Parameters
    ----------
    application
        The ASGI application behind it.
    """

    def __init__(self, application: Any) -> None:
        self._application: Final = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan" or is_ours(dict(scope["headers"])):
            await self._application(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b"not for this page"})


def is_ours(headers: dict[bytes, bytes]) -> bool:
    """Whether a request was made to us by name, and by a page of ours if by a page.

    Examples
    --------
    >>> is_ours({b"host": b"127.0.0.1:8000", b"origin": b"http://127.0.0.1:8000"})
    True
    >>> is_ours({b"host": b"127.0.0.1:8000", b"origin": b"http://elsewhere.example"})
    False
    >>> is_ours({b"host": b"elsewhere.example:8000"})
    False
    """
    host = headers.get(b"host", b"").decode("latin-1")
    origin = headers.get(b"origin", f"http://{host}".encode("latin-1")).decode("latin-1")
    try:
        return urlsplit(f"//{host}").hostname in OURS and urlsplit(origin).netloc == host
    except ValueError:
        return False


def application() -> tuple[Any, ModuleType]:
    """The application that shows the page to each visitor, and the module of the page."""
    import solara.server.app
    import solara.server.starlette

    from migsim.explore import page

    solara.server.app.apps["__default__"] = solara.server.app.AppScript(page.__name__)
    return solara.server.starlette.app, page


def server(application: Any, on_ready: Callable[[], None], on_end: Callable[[], None]) -> Any:
    """A server that says when it is ready and, when interrupted, ends as if its work was done."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            if not self.should_exit:
                on_ready()

        def handle_exit(self, sig: int, frame: Any) -> None:
            on_end()
            super().handle_exit(sig, frame)

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            if threading.current_thread() is not threading.main_thread():
                yield
                return
            earlier = signal.signal(signal.SIGTERM, self.handle_exit)
            signal.signal(signal.SIGINT, self.handle_exit)
            try:
                yield
            finally:
                signal.signal(signal.SIGTERM, earlier)
                # Threads may take seconds to end; another Ctrl-C would only print what it interrupted.
                signal.signal(signal.SIGINT, signal.SIG_IGN)

    config = uvicorn.Config(
        application,
        log_level="error",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
    )
    return Server(config)
