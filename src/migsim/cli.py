"""The command ``migsim``: run what is asked, and turn failures into messages and exit codes.

The commands themselves stand in ``migsim.commands`` and the modules named in ``COMMANDS``.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Final

from migsim.errors import BAD_INPUT, ENVIRONMENT, FINE, EnvironmentProblem, InputError, shown

__all__ = ["main"]

COMMANDS: Final = (
    "migsim.commands_run",
    "migsim.commands_sweep",
    "migsim.commands_sensitivity",
    "migsim.commands_again",
    "migsim.commands_report",
    "migsim.commands_negotiate",
    "migsim.commands_processes",
    "migsim.commands_calibrate",
    "migsim.commands_validate",
    "migsim.commands_export",
    "migsim.commands_explore",
)
"""Modules that add their commands to the app, in the order in which help lists them."""

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments
        The words after ``migsim``; those of the process itself if none are given.
    """
    owns_process = arguments is None
    _fill_closed_outputs()
    try:
        code = _run(sys.argv[1:] if arguments is None else list(arguments), owns_process)
        sys.stdout.flush()
        return code
    except InputError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except EnvironmentProblem as problem:
        print(problem, file=sys.stderr)
        return ENVIRONMENT
    except MemoryError:
        print("the memory is full; end other programs, or ask for fewer worlds or workers", file=sys.stderr)
        return ENVIRONMENT
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _give_up_output()
        return FINE
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            print(f"{shown(error.filename)}: {error.strerror}; use a shorter name", file=sys.stderr)
            return BAD_INPUT
        if error.errno != errno.ENOSPC:
            raise
        _give_up_output()
        print(
            f"the output cannot be written: {error.strerror}; make room or send it elsewhere", file=sys.stderr
        )
        return ENVIRONMENT


def _fill_closed_outputs() -> None:
    """Where an output was closed before the start, as by ``>&-``, what goes there goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def _give_up_output() -> None:
    """What is still buffered for the standard output must not raise again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(given: list[str], owns_process: bool) -> int:
    if plain := _plain_check(given):
        if owns_process:
            _travel_light()
        from migsim.scenario.checking import check

        print(check(*plain), flush=True)
        if owns_process:
            # Taking the interpreter down in order adds a twentieth of the time, and nothing is left to do.
            os._exit(FINE)
        return FINE
    from migsim.interrupts import heeding, mortal

    with mortal(), heeding():
        from migsim.commands import app

        for module in COMMANDS:
            import_module(module)
        try:
            app(args=given, prog_name="migsim")
        except SystemExit as finished:
            # Where nobody reads the output any more, the library ends as if worlds had failed.
            if isinstance(finished.__context__, BrokenPipeError):
                raise finished.__context__ from None
            return finished.code if isinstance(finished.code, int) else FINE
    return FINE


def _plain_check(given: list[str]) -> tuple[str, list[str]] | None:
    """File and overrides of ``check FILE [--set path=value ...]``, if that is the whole command.

    Editors call it at every save. In this plain form it skips the command-line library, whose import takes
    as long as the check itself; anything else, faulty forms included, goes the common way.
    """
    match given:
        case ["check", file, *options] if not file.startswith("-") and len(options) % 2 == 0:
            names, overrides = options[::2], options[1::2]
            return (file, overrides) if all(name == "--set" for name in names) else None
    return None


def _travel_light() -> None:
    """Leave out what reading a scenario does not need; only for a process that does nothing else.

    The package module of ruamel.yaml imports its constructors, dumpers and emitters, which takes longer
    than the parser and the scenario together. An empty package module gives the parser alone. Likewise the
    plugins of pydantic, of which there are none to look for, the cryptography with which it compares secrets,
    of which a scenario has none, and the collection of garbage that a process of a fifth of a second does not
    outlive.
    """
    gc.disable()
    plugins = ModuleType("pydantic.plugin._loader")
    plugins.get_plugins = tuple  # type: ignore[attr-defined]
    sys.modules.setdefault(plugins.__name__, plugins)
    sys.modules.setdefault("secrets", ModuleType("secrets"))
    package = find_spec("ruamel.yaml")
    if package is not None:
        sys.modules.setdefault("ruamel.yaml", module_from_spec(package))
