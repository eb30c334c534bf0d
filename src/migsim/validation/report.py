"""The report of a validation: a table, pages in Markdown and HTML, and figures; the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.facts import load
from migsim.validation.checks import Check, told
from migsim.validation.governance import EVENTS
from migsim.validation.scores import SCORES, stock_scores
from migsim.validation.structure import BIN_LABELS, emigration_by_bin, emigration_in_bin

if TYPE_CHECKING:
    import pandas as pd

    from migsim.validation.stocks import Stocks
    from migsim.validation.validating import Validation

__all__ = ["figures", "html_page", "markdown_page", "score_frame", "write"]

TITLE: Final = "Validation: the world held against figures"
HUMP_YEAR: Final = 2010
INTRODUCTION: Final = (
    "The world is run alone, with no forum in it, from 2005 on, without refitting: base flows come from the"
    " stocks of 2000 and 2005, and nothing is fitted to stocks or refugees of 2010 or later. The recession of"
    " 2008-10 and the number of refugees from Syria are declared; where they go is the model's to say.",
    "*Model* is the run at central parameters without noise; *5-95 %* are worlds with parameters drawn from"
    " their ranges. *Figure* is what the project's data or the literature say. Simple forecasts know no more"
    " than the model does, but for *scaled to the total*: every corridor grows as their sum did, and that sum"
    " is only known afterwards. *No elasticities* is the model with every elasticity of its flows at zero: a"
    " smooth continuation of 2000-05.",
    "Of the ratifications, the counts of the labour conventions and of Palermo are fitted, and say so; those"
    " of the migrant workers' convention are predicted from its text.",
    "The history of governance is run apart, from 2001 to 2018, with every process of the library. There"
    " *model* is the median or the share of the ranged worlds, for one course of history tells nothing of"
    " chances.",
    "A share passes within two points and a tenth of its figure, other numbers within a tenth, unless the"
    " remark says otherwise; scores pass if they beat the model's null and the best simple forecast. What"
    " falls short is a finding, and the remarks say where and why.",
)
PAGES: Final = {
    EVENTS: "What is given and what emerges, the figure, and which assumptions decide: [history](history.md)."
}
"""Pages that say more about a section."""
STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:68rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;font-size:13px}"
    "td,th{border-bottom:1px solid #ddd;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    ".passes{color:#00704d}.falls{color:#a34400;font-weight:600}.shown{color:#666}"
    "svg{max-width:100%;height:auto}figure{margin:1.5rem 0}"
)


def write(validation: Validation, folder: Path) -> list[Path]:
    """Write ``validation.csv``, ``validation.html`` and the figures, and return their paths."""
    from migsim.plots.saving import save

    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "validation.csv"
    validation.to_frame().to_csv(table, index=False, float_format="%.6g", lineterminator="\n")
    for old in ("corridors_*.png", "scores_*.png"):  # of later files of another time
        for earlier in (folder / "figures").glob(old):
            earlier.unlink()
    drawings, written = {}, [table]
    for name, figure in figures(validation).items():
        png, svg = save(figure, folder / "figures" / f"{name}.png", svg=True)
        drawings[name] = svg.read_text(encoding="utf-8")
        svg.unlink()
        written.append(png)
    page = folder / "validation.html"
    page.write_text(html_page(validation, drawings), encoding="utf-8")
    return [*written, page]


def figures(validation: Validation) -> dict[str, Any]:
    """The figures by name: for each year of corridor stocks two, and emigration by income."""
    from migsim.plots.validation import corridor_stocks, emigration_by_income, forecast_scores

    drawn: dict[str, Any] = {}
    for stocks in validation.stocks:
        if stocks.actual.size < 2:
            continue
        frame = _stock_frame(validation, stocks)
        scores = stock_scores(frame["predicted"].to_numpy(), stocks.actual)
        note = "; ".join(f"{SCORES[name].name} {told(float(value))}" for name, value in scores.items())
        drawn[f"corridors_{stocks.year}"] = corridor_stocks(frame, year=stocks.year, note=f"Scores: {note}.")
        drawn[f"scores_{stocks.year}"] = forecast_scores(
            score_frame(validation, stocks.year), year=stocks.year
        )
    drawn["emigration_by_income"] = emigration_by_income(_emigration_frame(validation), year=HUMP_YEAR)
    return drawn


def _stock_frame(validation: Validation, stocks: Stocks) -> pd.DataFrame:
    import pandas as pd

    predicted = stocks.predicted(validation.courses.central)[0]
    return pd.DataFrame({"counted": stocks.actual, "predicted": predicted})


def score_frame(validation: Validation, year: int) -> pd.DataFrame:
    """The scores of one year's corridor stocks, a row for the model and each forecast."""
    import pandas as pd

    checks = [each for each in validation.sections[f"Corridor stocks in {year}"] if each.unit == "score"]
    rows = []
    for check in checks:
        named: dict[str, tuple[float, float, float]] = {"model": (check.model, check.low, check.high)}
        named |= {name: (value, float("nan"), float("nan")) for name, value in check.forecasts.items()}
        for forecast, (value, low, high) in named.items():
            rows.append(
                {
                    "score": check.what, "forecast": forecast, "value": value, "low": low, "high": high,
                    "is_larger_better": check.figure == 1.0,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _emigration_frame(validation: Validation) -> pd.DataFrame:
    import pandas as pd

    facts = load()
    n = facts.stock_years.index(HUMP_YEAR)
    figure = emigration_by_bin(facts.emigrants[:, n], facts.population[:, facts.year(HUMP_YEAR)])
    readings = [
        validation.courses.read(partial(emigration_in_bin, year=HUMP_YEAR, n=place))
        for place in range(len(BIN_LABELS))
    ]
    return pd.DataFrame(
        {
            "bin": BIN_LABELS, "figure": figure, "model": [each.model for each in readings],
            "low": [each.low for each in readings], "high": [each.high for each in readings],
        }
    )  # fmt: skip


def _summary(validation: Validation) -> str:
    passed = sum(check.passed is True for check in validation.checks)
    short = sum(check.passed is False for check in validation.checks)
    worlds = f"{validation.worlds} worlds" if validation.worlds else "no worlds: there are no intervals"
    return (
        f"{len(validation.checks)} checks: {passed} pass, {short} fall short, the others are shown only."
        f" Intervals over {worlds}."
    )


def _cells(check: Check, forecasts: list[str]) -> list[str]:
    interval = f"{told(check.low)} to {told(check.high)}" if told(check.low) else ""
    simple = [told(check.forecasts[name]) if name in check.forecasts else "" for name in forecasts]
    return [check.what, check.year, check.unit, told(check.model), interval, told(check.figure), *simple]


def _head(checks: list[Check]) -> tuple[list[str], list[str]]:
    """The columns of a section's table, and the simple forecasts among them."""
    forecasts = list(dict.fromkeys(name for check in checks for name in check.forecasts))
    return ["check", "year", "unit", "model", "5-95 %", "figure", *forecasts, "verdict"], forecasts


def markdown_page(validation: Validation, *, images: str = "figures") -> str:
    """The whole report in Markdown.

    Parameters
    ----------
    images
        Folder of the figures as the page reaches it.
    """
    lines = [f"# {TITLE}", "", "<!-- written by `make docs`; do not edit -->", ""]
    for paragraph in (*INTRODUCTION, _summary(validation)):
        lines += [paragraph, ""]
    for section, checks in validation.sections.items():
        head, forecasts = _head(checks)
        lines += [f"## {section}", "", f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
        for check in checks:
            cells = [*_cells(check, forecasts), check.verdict]
            lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
        lines.append("")
        for check in checks:
            if check.remark and check.passed is not None:
                source = f" Source: {_tokens(check.source)}." if check.source else ""
                lines.append(f"- *{check.what}, {check.year}*: {check.remark}{source}")
        lines.append("")
        for name, text in _images(section):
            lines += [f"![{text}]({images}/{name}.png)", ""]
        if section in PAGES:
            lines += [PAGES[section], ""]
    return "\n".join(lines).rstrip() + "\n"


def _tokens(source: str) -> str:
    return ", ".join(f"`{token}`" for token in source.replace(",", " ").split())


def _images(section: str) -> Iterator[tuple[str, str]]:
    """The figures that belong to a section."""
    if section.startswith("Corridor stocks in "):
        year = section.rpartition(" ")[2]
        yield f"corridors_{year}", f"Predicted against counted stocks of corridors, {year}"
        yield f"scores_{year}", f"Scores of the model and of simple forecasts, {year}"
    if section == "Emigration by income":
        yield "emigration_by_income", "Emigrants per inhabitant by income of the origin"


def html_page(validation: Validation, drawings: dict[str, str]) -> str:
    """The whole report as one file of HTML, figures included.

    Parameters
    ----------
    drawings
        The figures as SVG by name.
    """
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f"<title>{TITLE}</title><style>{STYLE}</style></head><body><h1>{TITLE}</h1>",
        *(f"<p>{_emphasis(paragraph)}</p>" for paragraph in (*INTRODUCTION, _summary(validation))),
    ]
    for section, checks in validation.sections.items():
        head, forecasts = _head(checks)
        parts.append(f"<h2>{escape(section)}</h2><table><tr>")
        parts += [f"<th>{escape(name)}</th>" for name in (*head, "remark")]
        parts.append("</tr>")
        parts += [_html_row(check, forecasts) for check in checks]
        parts.append("</table>")
        for name, text in _images(section):
            if name in drawings:
                svg = drawings[name][drawings[name].index("<svg") :]
                parts.append(f'<figure role="img" aria-label="{escape(text)}">{svg}</figure>')
    return "\n".join([*parts, "</body></html>", ""])


def _html_row(check: Check, forecasts: list[str]) -> str:
    what, year, unit, *numbers = _cells(check, forecasts)
    words = "".join(f"<td>{escape(cell)}</td>" for cell in (what, year, unit))
    cells = "".join(f'<td class="n">{escape(cell)}</td>' for cell in numbers)
    mark = check.verdict.split()[0]
    source = f" [{check.source}]" if check.source else ""
    remark = escape(check.remark + source)
    return f'<tr>{words}{cells}<td class="{mark}">{check.verdict}</td><td>{remark}</td></tr>'


def _emphasis(text: str) -> str:
    """Stars in the introduction as emphasis."""
    pieces = escape(text).split("*")
    return "".join(f"<em>{piece}</em>" if n % 2 else piece for n, piece in enumerate(pieces))
