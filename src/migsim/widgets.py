"""Sliders and lists in a notebook over anything that draws: a figure for the year and the theme one picks.

They need ipywidgets (``pip install "migsim[notebook]"``). Without it the first choice is drawn, and a
sentence says so. Nothing is loaded from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from migsim.errors import InputError, shown

__all__ = ["pick"]

MISSING: Final = (
    "ipywidgets is not installed, so there is nothing to pick with; this is {picked}. For the rest write it"
    ' into the call, or install it with pip install "migsim[notebook]" and restart the kernel.'
)


def pick(draw: Callable[..., Any], **choices: Iterable[Any] | Mapping[str, Any]) -> None:
    """Draw again whenever something else is picked.

    Parameters
    ----------
    draw
        Takes what is picked by name, and draws figures or gives back a table.
    choices
        By argument of ``draw`` what may be picked. A range is a slider that begins at its end. Other values
        are a list that begins at the first; in a mapping the keys are what they are called.

    Raises
    ------
    InputError
        If there is nothing to pick.

    Examples
    --------
    A list of themes above a figure::

        pick(lambda theme: run.plot.positions(theme), theme=["remittances", "decent_work"])
    """
    offered = {name: _offered(name, values) for name, values in choices.items()}
    if not offered:
        raise InputError('pick: found nothing to pick; name what may be, such as theme=["remittances"]')
    first = {
        name: list(values)[-1 if isinstance(choices[name], range) else 0] for name, values in offered.items()
    }
    try:
        import ipywidgets
    except ImportError:
        print(MISSING.format(picked=", ".join(f"{_words(name)} {told}" for name, told in first.items())))
        _show(draw, {name: offered[name][told] for name, told in first.items()})
        return
    controls = {}
    for name, values in offered.items():
        kind = ipywidgets.SelectionSlider if isinstance(choices[name], range) else ipywidgets.Dropdown
        slow = {"continuous_update": False} if isinstance(choices[name], range) else {}
        controls[name] = kind(
            options=list(values.items()), value=values[first[name]], description=_words(name), **slow
        )
    output = ipywidgets.interactive_output(lambda **picked: _show(draw, picked), controls)
    _display(ipywidgets.VBox([ipywidgets.HBox(list(controls.values())), output]))


def _offered(name: str, values: Iterable[Any] | Mapping[str, Any]) -> dict[str, Any]:
    """What may be picked, by what it is called."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InputError(f"pick: {name}: found {shown(values)}; allowed is a list, a range or a mapping")
    known = dict(values) if isinstance(values, Mapping) else {_words(str(value)): value for value in values}
    if not known:
        raise InputError(f"pick: {name}: found nothing to pick; allowed is at least one value")
    return known


def _show(draw: Callable[..., Any], picked: Mapping[str, Any]) -> None:
    """Draw, show the figures that are new, or the table that comes back, and let go of the figures."""
    import matplotlib.pyplot as plt
    import pandas as pd

    plt.draw_if_interactive()  # type: ignore[no-untyped-call]
    before = set(plt.get_fignums())
    given = draw(**picked)
    for number in sorted(set(plt.get_fignums()) - before):
        _display(plt.figure(number))
        plt.close(number)
    if isinstance(given, pd.DataFrame | pd.Series):
        _display(given)


def _display(what: object) -> None:
    from IPython.display import display

    display(what)  # type: ignore[no-untyped-call]


def _words(name: str) -> str:
    return name.replace("_", " ")
