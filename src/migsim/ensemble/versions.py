"""Which programs made a run."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import migsim

__all__ = ["code_sha256", "decisive_versions", "versions"]

LIBRARIES: Final = ("numpy", "pandas", "pyarrow", "pydantic", "scipy", "mesa", "matplotlib")
DECISIVE: Final = ("numpy", "pyarrow", "scipy")
"""Libraries that decide what a world holds, down to the bytes of its tables on disk."""
SOURCES: Final = (".py", ".csv")


@cache
def code_sha256() -> str:
    """SHA-256 of migsim's own modules and tables, which may change between two releases."""
    folder = Path(migsim.__file__).parent
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in SOURCES):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def decisive_versions() -> dict[str, str]:
    """What must be the same for two runs of a shard to be the same."""
    libraries = {name: _version(name) for name in DECISIVE}
    return {"migsim": migsim.__version__, "migsim_code": code_sha256(), **libraries}


def versions() -> dict[str, str]:
    """Everything a reader may want to know of the programs behind a run."""
    libraries = {name: _version(name) for name in LIBRARIES}
    own = {"migsim": migsim.__version__, "migsim_code": code_sha256()}
    return {**own, "python": platform.python_version(), **libraries, "platform": platform.platform()}


@cache
def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"
