"""Running shards on a Dask cluster: one that somebody started, or one of this machine for the run.

Workers write their shards themselves, so they must see the run folder; and they must have the same versions,
so that a world is the same wherever it is run. A shard whose worker was lost is run again by another, which
Dask sees to. The design, which may have many points, is sent once. Only this module knows Dask.
"""

from __future__ import annotations

import logging
import os
import re
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from migsim.ensemble.designs import Design, Shard
from migsim.ensemble.executors.processes import afresh, without_main
from migsim.ensemble.executors.travel import CannotTravel, there_or_here, unpacked
from migsim.ensemble.folders import LOCK, on_disk
from migsim.ensemble.shards import run_shard
from migsim.ensemble.store import Outcome
from migsim.ensemble.versions import decisive_versions
from migsim.errors import EnvironmentProblem, InputError
from migsim.interrupts import heed, held

__all__ = ["Cluster"]

SECONDS_TO_CONNECT: Final = 10
SECONDS_BETWEEN_LOOKS: Final = 1.0
SECONDS_WITHOUT_WORKERS: Final = 30.0


class Cluster:
    """The workers of a Dask cluster.

    Parameters
    ----------
    address
        Of the scheduler; none for a cluster that is started for the run.
    workers
        Processes of such a cluster.
    """

    def __init__(self, address: str | None, workers: int) -> None:
        self.workers: int = workers
        self._address = address
        self._client: Any = None
        self._own: Any = None
        self._silenced: list[logging.Logger] = []

    def __enter__(self) -> Self:
        try:
            import distributed
        except ImportError:
            raise EnvironmentProblem(
                'a cluster needs dask and distributed, which are not installed: pip install "migsim[cluster]"'
            ) from None
        self._silenced = _silence()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if self._address is None:
                    with held():  # one that is only half started cannot be closed
                        self._own = _start(self.workers)
                client: Any = distributed.Client
                where = self._own or self._address
                self._client = client(where, timeout=SECONDS_TO_CONNECT, set_as_default=False)
                self._client.wait_for_workers(1, timeout=SECONDS_TO_CONNECT)
        except Exception as error:
            is_connected = self._client is not None
            self._close()
            if is_connected and isinstance(error, TimeoutError):
                raise EnvironmentProblem(
                    f"{self._named}: no worker has joined; start some with `dask worker`"
                ) from None
            said = " ".join(str(error).split())[:120]
            told = (
                f"cannot be started ({said}); ask for fewer workers, or do without --cluster"
                if self._address is None
                else f"no Dask scheduler answers ({said}); start one with `dask scheduler`"
            )
            raise EnvironmentProblem(f"{self._named}: {told}") from None
        except BaseException:
            self._close()
            raise
        self._has_workers()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def outcomes(
        self, design: Design, shards: tuple[Shard, ...], folder: Path | None, tick: Callable[[int], None]
    ) -> Iterator[Outcome]:
        """Run shards on the workers, each on one thread."""

        def there(payload: bytes) -> Iterator[Outcome]:
            token = _leave_token(folder)
            self._refuse_odd_workers(folder, token)
            for outcome in self._shared_out(payload, shards, folder, token):
                tick(outcome.n_run * design.n_years)
                yield outcome

        if shards:
            yield from there_or_here(there, design, shards, folder, tick)

    def _shared_out(
        self, payload: bytes, shards: tuple[Shard, ...], folder: Path | None, token: str
    ) -> Iterator[Outcome]:
        waiting = deque(shards)
        design = self._sent(payload, token)
        running: dict[Any, Shard] = {}
        versions = decisive_versions()
        last_seen = time.monotonic()
        try:
            while waiting or running:
                while waiting and len(running) < 2 * self.workers + 2:
                    shard = waiting.popleft()
                    key = f"migsim-{token}-{shard.number}"
                    arguments = (design, shard, folder, versions, token)
                    running[self._client.submit(_work, *arguments, key=key, pure=False)] = shard
                done = self._done(list(running))
                heed()
                if self._has_workers():
                    last_seen = time.monotonic()
                elif time.monotonic() - last_seen > SECONDS_WITHOUT_WORKERS:
                    raise EnvironmentProblem(f"{self._named}: no worker is left; what is finished is kept")
                for future in done:
                    del running[future]
                    yield self._result(future)
        except (CancelledError, OSError, RuntimeError) as error:
            said = f"{self._named}: the connection to the scheduler was lost"
            raise EnvironmentProblem(f"{said} ({type(error).__name__}); what is finished is kept") from None
        finally:
            with suppress(Exception):
                self._client.cancel([*running, design], asynchronous=False)

    def _sent(self, payload: bytes, token: str) -> Any:
        """The design on its way to the workers: they hand it on, and can make it again if one is lost."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it is large
            return self._client.submit(_itself, payload, key=f"migsim-{token}-design", pure=False)

    def _done(self, futures: list[Any]) -> list[Any]:
        """Those that are finished, after a short wait."""
        import distributed

        wait: Any = distributed.wait
        try:
            with self._client.as_current():
                return list(wait(futures, timeout=SECONDS_BETWEEN_LOOKS, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            if self._client.status not in ("running", "connecting"):
                raise CancelledError from None
            return []

    def _result(self, future: Any) -> Outcome:
        from distributed import KilledWorker

        try:
            outcome: Outcome = future.result()
        except (InputError, EnvironmentProblem, CannotTravel, CancelledError):
            raise
        except KilledWorker:
            said = "several workers were lost while they ran the same worlds (is their memory full?)"
            raise EnvironmentProblem(f"{self._named}: {said}; what is finished is kept") from None
        except Exception as error:
            said = f"a worker cannot run a shard ({type(error).__name__}: {error})".splitlines()[0]
            raise EnvironmentProblem(f"{self._named}: {said}; what is finished is kept") from None
        finally:
            future.release()
        return outcome

    def _refuse_odd_workers(self, folder: Path | None, token: str) -> None:
        found = self._client.run(_complaint, decisive_versions(), folder, token, on_error="return")
        for address, said in found.items():
            if isinstance(said, ImportError | AttributeError):
                said = f"has no migsim, or another version of it ({said})"
            # Of one that was lost meanwhile there is nothing to say.
            if said is not None and not isinstance(said, OSError):
                raise EnvironmentProblem(f"{self._named}: the worker {address} {said}")

    def _has_workers(self) -> bool:
        """Whether there are workers now; how many shards they run at a time is noted."""
        n_threads = int(sum(self._client.nthreads().values()))
        self.workers = n_threads or self.workers
        return n_threads > 0

    @property
    def _named(self) -> str:
        return self._address or "local cluster"

    def _close(self) -> None:
        for each in (self._client, self._own):
            if each is not None:
                with suppress(Exception):
                    each.close(timeout=5)
        self._client = self._own = None
        for logger in self._silenced:
            logger.disabled = False
        self._silenced = []


def _start(workers: int) -> Any:
    """A cluster of this machine, whose workers start afresh, also those that take the place of lost ones."""
    import distributed

    cluster: Any = distributed.LocalCluster
    nanny: Any = distributed.Nanny

    class Nanny(nanny):  # type: ignore[misc]
        """Starts a worker, and another if it is lost, in a thread that is deaf to Ctrl-C already."""

        async def instantiate(self) -> Any:
            with without_main:
                return await super().instantiate()

    with afresh():
        return cluster(
            n_workers=workers,
            worker_class=Nanny,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=None,
            silence_logs=logging.CRITICAL,
        )


def _silence() -> list[logging.Logger]:
    """Keep Dask's logs from the user, who is told what matters by messages; gives what was silenced."""
    names = [name for name in logging.root.manager.loggerDict if re.match(r"(distributed|tornado)\b", name)]
    found = [logger for logger in map(logging.getLogger, names) if not logger.disabled]
    for logger in found:
        logger.disabled = True
    return found


def _leave_token(folder: Path | None) -> str:
    """Write into the run folder what a worker must find there."""
    token = f"{os.getpid()}-{time.time_ns()}"
    if folder is not None:
        with on_disk(folder):
            (folder / LOCK).write_text(token, encoding="utf-8")
    return token


def _complaint(versions: Mapping[str, str], folder: Path | None, token: str) -> str | None:
    """On a worker: why it cannot take part; None if it can."""
    own = decisive_versions()
    for name, version in versions.items():
        if own.get(name) != version:
            what = (
                "other code of migsim" if name == "migsim_code" else f"{name} {own.get(name)}, not {version}"
            )
            return f"has {what}; install the same there"
    if folder is None:
        return None
    try:
        found = (folder / LOCK).read_text(encoding="utf-8")
    except OSError:
        found = ""
    return None if found == token else f"does not see {folder}; choose a folder of a shared disk with --out"


def _work(
    payload: bytes, shard: Shard, folder: Path | None, versions: Mapping[str, str], token: str
) -> Outcome:
    """On a worker: run a shard; it is not written if the run was ended meanwhile, and another has begun."""

    def check() -> None:
        if (said := _complaint(versions, folder, token)) is not None:
            raise EnvironmentProblem(f"a worker {said}")

    check()
    return run_shard(unpacked(payload), shard, folder, _hear_nothing, check)


def _itself(payload: bytes) -> bytes:
    """On a worker: the design, for itself and the others."""
    return payload


def _hear_nothing(_: int) -> None:
    """How far a shard is cannot be told from here."""
