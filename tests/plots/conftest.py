"""Small made-up tables in the shape of a run's, with known answers."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from numpy.random import PCG64, Generator, SeedSequence

from migsim.facts import load
from migsim.themes import MIGRANT_CLASSES, THEMES

GROUPS = ("migrants", "hosts", "departures")
YEARS = range(2005, 2016)
SESSIONS = {2007: ("remittances",), 2008: ("decent_work", "legal_mobility"), 2010: ("remittances",)}


@pytest.fixture(autouse=True)
def clean_figures():
    """No window, and no figure kept from test to test."""
    import matplotlib.pyplot as plt

    with mpl.rc_context({"backend": "agg"}):
        plt.switch_backend("agg")
        plt.close("all")
        yield
    plt.close("all")


def draws(*key: int) -> Generator:
    """Random numbers of a test, by its own key."""
    return Generator(PCG64(SeedSequence(2026, spawn_key=key)))


def make_world(n: int = 20, tilt: float = 0.01, years=YEARS, key: int = 0) -> pd.DataFrame:
    """Table ``world``: departure countries gain, hosts lose, and migrants may do either."""
    frame = pd.MultiIndex.from_product([range(n), years], names=["replicate", "year"]).to_frame(index=False)
    size = (frame["year"] - 2005) / 10
    noise = np.repeat(draws(key).normal(size=n), len(years)) * size
    frame["gain_departures"] = size * (0.05 + 4 * tilt) + 0.005 * noise
    frame["gain_hosts"] = -0.01 * size + 0.001 * noise
    frame["gain_migrants"] = tilt * noise
    for group in GROUPS:
        frame[f"gain_sd_{group}"] = frame[f"gain_{group}"] / 10
    frame["weakest"] = frame[[f"gain_sd_{group}" for group in GROUPS]].min(axis=1)
    frame["remittances"] = 260_000.0 + 20_000 * (frame["year"] - 2005) + 5_000 * noise
    frame["baseline_remittances"] = frame["remittances"] - 1_000 * size
    for view, share in (("pro", 0.25), ("ambivalent", 0.5), ("anti", 0.25)):
        frame[f"opinion_{view}"] = share + 0.02 * noise * (view == "pro") - 0.02 * noise * (view == "anti")
        if view != "ambivalent":
            frame[f"baseline_opinion_{view}"] = share
    return frame


def make_states(n: int = 4, years=YEARS) -> pd.DataFrame:
    """Table ``states`` of five states, with role weights."""
    codes = ("BEL", "DEU", "FRA", "MEX", "PHL")
    keys = [range(n), years, codes]
    frame = pd.MultiIndex.from_product(keys, names=["replicate", "year", "state"]).to_frame(index=False)
    noise = draws(1).normal(size=len(frame))
    frame["role_host"] = frame["state"].isin(["BEL", "DEU", "FRA"]).astype(float)
    frame["role_departure"] = 1.0 - frame["role_host"]
    frame["population"] = 1e7
    frame["remittances_received"] = 1000.0 + 10 * noise
    frame["gain"] = 0.02 + 0.001 * noise
    for view, share in (("pro", 0.25), ("ambivalent", 0.5), ("anti", 0.25)):
        frame[f"opinion_{view}"] = share
    for theme in THEMES:
        frame[f"policy_{theme}"] = 0.5
        frame[f"position_{theme}"] = np.clip(0.4 + 0.3 * frame["role_departure"] + 0.05 * noise, 0, 1)
    return frame


def make_texts(n: int = 4) -> pd.DataFrame:
    """Table ``texts``: rows for every paragraph of every session, measures only for those discussed."""
    rows = []
    for replicate in range(n):
        for year, discussed in SESSIONS.items():
            for theme in THEMES:
                for number, paragraph in enumerate((f"{theme}_a", f"{theme}_b")):
                    on = theme in discussed
                    adopted = on and (number == 0 or replicate == 0)
                    rows.append(
                        {
                            "replicate": replicate,
                            "year": year,
                            "process": "gfmd",
                            "theme": theme,
                            "paragraph": paragraph,
                            "on_agenda": on,
                            "draft": 0.5,
                            "position": 0.55 if on else np.nan,
                            "ambiguity": 0.1 if on else np.nan,
                            "adopted": adopted,
                            "strength": 0.7 * adopted,
                            "objections": 2,
                            "compromise": 0.5 if on else np.nan,
                        }
                    )
    return pd.DataFrame(rows)


def make_attendance(n: int = 4) -> pd.DataFrame:
    """Table ``attendance``: between 148 and 151 of 193 states come."""
    keys = [range(n), list(SESSIONS), ["gfmd"], [f"S{number:02}" for number in range(193)]]
    names = ["replicate", "year", "process", "state"]
    frame = pd.MultiIndex.from_product(keys, names=names).to_frame(index=False)
    frame["attended"] = frame["state"].str[1:].astype(int) < 148 + frame["replicate"]
    return frame


def make_depths(n: int = 12, kinds: int = 6) -> pd.DataFrame:
    """Texts on themes, of which the deeper pledge fewer, one that pledges nobody, and an instrument."""
    rows = []
    for replicate in range(n):
        for place, theme in enumerate(THEMES[:kinds]):
            depth = 0.1 + 0.8 * place / kinds + 0.001 * replicate
            pledged = np.nan if place == 0 else 150.0 - 10 * place + replicate
            rows.append((replicate, "text", "gfmd", theme, depth, pledged, 160.0))
        rows.append((replicate, "instrument", "convention", "", 0.7, 20.0 + replicate, np.nan))
    names = ["replicate", "kind", "process", "theme", "depth", "breadth", "took_part"]
    return pd.DataFrame(rows, columns=names)


def make_votes(n: int = 4) -> pd.DataFrame:
    """Table ``votes``: high-income states abstain in part, every tenth state is absent, three vote no."""
    facts = load()
    rows = []
    for replicate in range(n):
        for place, (iso3, income) in enumerate(zip(facts.iso3, facts.income_group, strict=True)):
            vote = "abstain" if income == "H" and place % 3 < 1 + replicate % 2 else "yes"
            vote = "no" if place in (9, 60, 101) else vote
            vote = "absent" if place % 10 == 0 else vote
            rows.append(
                {"replicate": replicate, "year": 2018, "instrument": "compact", "state": iso3, "vote": vote}
            )
    return pd.DataFrame(rows)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def states():
    return make_states()


@pytest.fixture
def texts():
    return make_texts()


@pytest.fixture
def attendance():
    return make_attendance()


@pytest.fixture
def twelve():
    """Eleven scenarios and one that failed."""
    frames = {f"scenario-{n}": make_world(n=6, tilt=0.002 * n, key=n) for n in range(11)}
    return frames | {"failed": None}


def make_qualities(shift: float = 0.0, n: int = 20) -> pd.DataFrame:
    """What the texts of each world are like."""
    noise = draws(9).uniform(0.0, 0.05, size=n)
    return pd.DataFrame(
        {
            "replicate": range(n),
            "adopted": 1.0 - noise - shift,
            "ambiguity": 0.05 + noise + shift,
            "strength": 0.8 - noise - shift,
            "against": 0.02 + noise + shift,
            "from_compromise": 0.01 + noise,
        }
    )


SERVED = ("remittances", "legal_mobility")


def make_market(n: int = 12) -> pd.DataFrame:
    """Table ``world`` with marketplaces in 2007 and 2014: a hundred ask, five and more are matched."""
    frame = pd.MultiIndex.from_product([range(n), YEARS], names=["replicate", "year"]).to_frame(index=False)
    is_held = frame["year"].isin([2007, 2014])
    frame["market_demands"] = np.where(is_held, 100.0 + frame["replicate"], 0.0)
    frame["market_offers"] = np.where(is_held, 10.0, 0.0)
    frame["matches"] = np.where(is_held, 5.0 + frame["replicate"] % 3, 0.0)
    frame["market_grants"] = 1.5 * frame["matches"]
    for theme in THEMES:
        frame[f"matches_{theme}"] = 0.5 * frame["matches"] if theme in SERVED else 0.0
    return frame


def make_lives(n: int = 12, added: float = 1.0) -> pd.DataFrame:
    """Table ``world``: the displaced gain a little by 2015, nobody else does."""
    frame = pd.MultiIndex.from_product([range(n), YEARS], names=["replicate", "year"]).to_frame(index=False)
    for place, name in enumerate(MIGRANT_CLASSES):
        for step, aspect in enumerate(("", "_work", "_status", "_services", "_participation")):
            usual = 70.0 - 12.0 * place + 5.0 * step + 0.1 * frame["replicate"]
            frame[f"baseline_wellbeing_{name}{aspect}"] = usual
            gain = added * (frame["year"] == 2015) * (1.0 + 0.01 * frame["replicate"])
            frame[f"wellbeing_{name}{aspect}"] = usual + (gain if name == "displaced" else 0.0)
    return frame


def make_implementation(n: int = 12) -> pd.DataFrame:
    """Table ``implementation``: a tenth is done on remittances by 2015, on decent work nothing is asked."""
    keys = [range(n), YEARS, sorted(THEMES)]
    frame = pd.MultiIndex.from_product(keys, names=["replicate", "year", "theme"]).to_frame(index=False)
    is_on = (frame["theme"] == "remittances") & (frame["year"] >= 2007)
    is_idle = (frame["theme"] == "decent_work") & (frame["year"] >= 2008)
    frame["pledges"] = np.where(is_on | is_idle, 50.0, 0.0)
    frame["asked"] = np.where(is_on, 10.0, 0.0)
    done = (0.1 + 0.001 * frame["replicate"]) * (frame["year"] - 2006) / 9
    frame["missing"] = frame["asked"] * (1.0 - done)
    return frame


def make_moves(n: int = 12, pairs=(("MEX", "USA"), ("SYR", "TUR"), ("POL", "DEU"))) -> pd.DataFrame:
    """Tables ``main_corridors`` and, with other ``pairs``, ``migrations``: the first is largest."""
    rows = [
        {
            "replicate": replicate,
            "year": year,
            "origin": origin,
            "destination": destination,
            "stock": 1e6 * (10 - 3 * place) + 1e4 * replicate + (5e5 if year == 2015 else 0.0),
            "flow": 1e5 * (3 - place) + 1e3 * replicate,
        }
        for replicate in range(n)
        for year in (2005, 2015)
        for place, (origin, destination) in enumerate(pairs)
    ]
    frame = pd.DataFrame(rows)
    added = 1000.0 * (frame["year"] == 2015)
    return frame.assign(baseline_stock=frame["stock"] - added, baseline_flow=frame["flow"] - 0.1 * added)


PARTS = (("Southern Asia", "Western Asia"), ("Europe", "Europe"), ("Northern Africa", "Europe"))


def make_world_states(n: int = 6) -> pd.DataFrame:
    """Table ``states`` of all states: those of Europe lose, San Marino has no figure."""
    facts = load()
    keys = [range(n), (2005, 2015), facts.iso3]
    frame = pd.MultiIndex.from_product(keys, names=["replicate", "year", "state"]).to_frame(index=False)
    in_europe = {code for code, region in zip(facts.iso3, facts.region, strict=True) if region == "Europe"}
    size = (frame["year"] == 2015) * (0.01 + 0.001 * frame["replicate"])
    frame["gain"] = np.where(frame["state"].isin(in_europe), -size, size)
    frame.loc[frame["state"] == "SMR", "gain"] = np.nan
    frame.loc[frame["state"] == "MEX", "gain"] *= 20.0
    frame["income"] = 1000.0 * (1 + frame["state"].map(facts.iso3.index)) + 10.0 * (frame["year"] - 2005)
    return frame
