"""Made-up frames of a sensitivity analysis, with known answers."""

import numpy as np
import pandas as pd

from tests.plots.conftest import draws

GAINS = ("gain_migrants", "gain_hosts", "gain_departures")
SCALES = {"gain_migrants": 0.03, "gain_hosts": 0.004, "gain_departures": 0.02, "weakest": 0.001}
NAMES = (
    "How fast policy moves towards agreed texts",
    "Strength of adopted text on policy",
    "Loss a delegation bears before it objects (tau)",
    "Multiple-entry permits that let people come and go",
    "Yearly share of attention that fades",
    "Part of legal insecurity that does not weigh on those who came for a time: a permit is enough",
)
PARTS = ("follow_up", "uptake", "processes.gfmd.protocol", "levers", "world.opinion", "world.wellbeing")
PHASES = ("Agenda", "Sessions", "Learning", "Follow-up", "Market", "Report")


def make_screening(n: int = 30, groups: int = 6) -> pd.DataFrame:
    rows = []
    for k, outcome in enumerate((*GAINS, "weakest")):
        sizes = SCALES[outcome] * 0.8 ** ((np.arange(n) + 3 * k) % n)
        signs = draws(20, k).choice([-1.0, 1.0, 0.1], size=n)
        halves = 0.2 * sizes + 0.01 * SCALES[outcome]
        for i in range(n):
            rows.append(
                {
                    "outcome": outcome,
                    "path": f"a.p{i}",
                    "title": NAMES[i % 6] if i < 6 else f"{NAMES[i % 6][:30]} {i}",
                    "group": PARTS[i % 6] if groups <= 6 else f"part_{i % groups}",
                    "mu_star": sizes[i],
                    "mu_star_low": max(0.0, sizes[i] - halves[i]),
                    "mu_star_high": sizes[i] + halves[i],
                    "mu": signs[i] * sizes[i],
                    "sigma": sizes[i],
                    "unit": "",
                    "n": 12,
                }
            )
    return pd.DataFrame(rows)


def make_indices(groups: int = 6, key: str = "group") -> pd.DataFrame:
    rows = []
    for k, outcome in enumerate(GAINS):
        raw = 0.55 ** ((np.arange(groups) + k) % groups)
        total = 1.1 * raw / raw.sum()
        alone = 0.8 * total - 0.015
        for i in range(groups):
            rows.append(
                {
                    "outcome": outcome,
                    key: PARTS[i] if groups <= 6 else f"part_{i}",
                    **_share("S1", alone[i], 0.04),
                    **_share("ST", total[i], 0.05),
                    "n": 2048,
                    **_share("S1_sum", alone.sum(), 0.1),
                }
            )
    return pd.DataFrame(rows)


def _share(name: str, value: float, half: float) -> dict[str, float]:
    low = value - half if name.startswith("S1") else max(0.0, value - half)
    return {name: value, f"{name}_low": low, f"{name}_high": value + half}


def make_apart() -> pd.DataFrame:
    values = {
        "gain_migrants": ((0.12, 0.18), (0.62, 0.74), (0.06, 0.15)),
        "gain_hosts": ((0.02, 0.04), (0.41, 0.55), (0.38, 0.51)),
        "gain_departures": ((0.3, 0.36), (0.62, 0.64), (-0.05, 0.01)),
    }
    rows = [
        {
            "outcome": outcome,
            "source": source,
            **_share("S1", s1, 0.03),
            **_share("ST", st, 0.04),
            "n": 4096,
            **_share("S1_sum", sum(alone for alone, _ in three), 0.07),
        }
        for outcome, three in values.items()
        for source, (s1, st) in zip(("luck", "parameters", "structure"), three, strict=True)
    ]
    return pd.DataFrame(rows)


def make_attribution() -> pd.DataFrame:
    rows = []
    for k, outcome in enumerate(GAINS):
        for of, parts in (("phases", PHASES), ("themes", ("remittances", "legal_mobility", "decent_work"))):
            values = SCALES[outcome] * np.array([1.0, -0.4, 0.6, 0.1, 0.02, 0.0])[: len(parts)]
            values = np.roll(values, k) * (-1.0 if outcome == "gain_hosts" else 1.0)
            for part, value in zip(parts, values, strict=True):
                half = 0.3 * abs(value) + 0.05 * SCALES[outcome]
                rows.append(
                    {
                        "outcome": outcome, "of": of, "part": part,
                        "title": part.replace("_", " ").capitalize(),
                        "value": value, "low": value - half, "high": value + half, "unit": "", "n": 100,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def make_identifiability(top: float = 0.7) -> pd.DataFrame:
    rows = []
    for k, scaled in enumerate(("strength", "pace", "lever size", "all together")):
        for product in (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0):
            share = top / (1 + np.exp(-1.4 * (np.log2(product) - 1.5))) + 0.01 * k * (product != 1.0)
            rows.append(
                {
                    "scaled": scaled, "product": product, "share": share, "low": max(0, share - 0.06),
                    "high": min(1, share + 0.06), "n": 200, "margin": 0.0,
                    "plausible": 0.3 < product < 3.0,
                    "even": 4.75 if top > 0.5 else np.inf, "even_low": 3.8 if top > 0.5 else np.inf,
                    "even_high": 6.4 if top > 0.5 else np.inf,
                    "compared": product != 1.0 and scaled != "all together",
                    "share_apart": False, "weakest_apart": False,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def make_discovery() -> pd.DataFrame:
    spans = ((0.05, 0.3, 0.05, 0.12), (0.0, 2.0, 1.3, 2.0), (-0.5, 0.5, -0.1, 0.25), (3.0, 10.0, 3.0, 10.0))
    return pd.DataFrame(
        {
            "box": "triple win", "path": f"a.p{n}", "title": NAMES[n], "low": low, "high": high,
            "range_low": first, "range_high": last, "coverage": 0.64, "density": 0.71, "mass": 0.11, "n": 110,
        }
        for n, (first, last, low, high) in enumerate(spans)
    )  # fmt: skip


def make_structures(shares=((0.1, 0.3), (0.2, 0.22), (0.15, 0.25), (0.18, 0.19), (0.2, 0.2))) -> pd.DataFrame:
    """Structural settings with two options each, of which the first tells wins apart best."""
    return pd.DataFrame(
        {
            "path": f"structure.s{n}", "title": f"Structural setting {n}", "option": option, "share": share,
            "low": share - 0.05, "high": share + 0.05, "n": 200, "base": 0.2, "base_low": 0.17,
            "base_high": 0.24, "worlds": 400,
        }
        for n, pair in enumerate(shares)
        for option, share in zip(("chair_summary", "negotiated"), pair, strict=True)
    )  # fmt: skip


def make_tornado(n: int = 15) -> pd.DataFrame:
    rows = []
    for k, outcome in enumerate((*GAINS, "weakest")):
        scale, central = SCALES[outcome], 0.5 * SCALES[outcome] * (-1.0 if outcome == "gain_hosts" else 1.0)
        for i in range(n):
            size = scale * 0.75 ** ((i + 2 * k) % n)
            rows.append(
                {
                    "outcome": outcome, "path": f"a.p{i}", "title": f"{NAMES[i % 6]}", "central": central,
                    "at_low": central - size * (1 if i % 4 else -0.4), "at_high": central + 0.7 * size,
                    "low": 0.1, "high": 0.5 + i, "unit": "rate",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def make_weights() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "outcome": (*GAINS, "weakest"),
            "share": (0.9, 0.3, 0.98, 0.2),
            "low": (0.8, 0.1, 0.9, 0.1),
            "high": (0.97, 0.6, 1.0, 0.4),
            "equal": (0.9, 0.4, 0.97, 0.25),
            "n": 1000,
        }
    )


def make_components(first: float = 0.62) -> pd.DataFrame:
    return pd.DataFrame({"component": (1, 2, 3), "share": (first, 0.8 * (1 - first), 0.2 * (1 - first))})


def make_sweep(inner: int = 12) -> pd.DataFrame:
    """A grid of strength, tolerance and who can block: hosts gain only where texts are weak."""
    rows = []
    noise = draws(30).normal(size=inner)
    for draw, (strength, tolerance, who) in enumerate(
        (s, t, w)
        for s in (0.0, 0.5, 1.0, 1.5, 2.0)
        for t in (0.05, 0.1, 0.2, 0.3)
        for w in ("each_delegation", "share", "regional_groups")
    ):
        for luck in range(inner):
            gain = 0.002 - 0.003 * strength * (1.0 - tolerance) + 0.0008 * noise[luck]
            gain += {"share": 0.0, "each_delegation": 0.001, "regional_groups": -0.001}[who]
            rows.append(
                {
                    "replicate": luck * 1_000_000 + draw, "point": draw, "luck": luck,
                    "follow_up.pull": strength,
                    "processes.gfmd.protocol.tolerance": tolerance,
                    "processes.gfmd.who_can_block": who,
                    "gain_hosts": gain, "weakest": gain / 10.0, "triple_win": gain > 0.0,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)
