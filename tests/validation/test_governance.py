"""The history of governance held against the record: what is scored, and that it can fail and pass."""

from dataclasses import replace

import numpy as np
import pytest

import migsim as ms
from migsim.errors import InputError
from migsim.validation.agenda_scores import SCORED, brier, coded_themes, forecasts, named
from migsim.validation.governance import EVENTS, governance_checks, ranked_score, scored
from migsim.validation.governed import GFMD, first_years, govern
from migsim.validation.history_findings import VARIATIONS, HistoryFindings, record, vary
from migsim.validation.later import read_later
from migsim.validation.later_sessions import has_sittings, read_sittings, session_checks
from migsim.world.vocabulary import THEMES

FEW = [
    "USA",
    "DEU",
    "FRA",
    "GBR",
    "BEL",
    "CHE",
    "GRC",
    "SWE",
    "TUR",
    "MEX",
    "PHL",
    "MUS",
    "MAR",
    "BGD",
    "SYR",
    "IND",
]


@pytest.fixture(scope="module")
def few():
    """Two worlds of sixteen states."""
    return govern(2, {"states": FEW})


def certain(few, **years):
    """The same worlds with some processes met in one year and at no other time."""
    held = dict(few.held)
    for name, year in years.items():
        met = np.zeros_like(few.trust)
        if year:
            met[:, few.at(year)] = 1.0
        held[name.replace("_", "-")] = met
    return replace(few, held=held)


def by_what(checks, part):
    return [check for check in checks if part in check.what]


def test_a_batch_keeps_every_year_and_process(few):
    assert few.worlds == 2
    assert few.years == range(2001, 2019)
    assert set(few.held) == set(ms.load("governance-2001-2018").spec.processes)
    assert few.held[GFMD][:, few.at(2013)].sum() == 0.0
    assert few.held[GFMD][:, few.at(2012)].sum() == 2.0
    for year in range(2007, 2013):
        assert 0 < few.attending(GFMD, year).max() <= len(FEW)
        assert np.all(few.themes[GFMD][:, few.at(year)].sum(axis=-1) <= 2.0)
        assert np.all(few.cares[:, few.at(year)].max(axis=-1) > 0.0)
    assert np.all(few.cares[:, few.at(2013)] == 0.0)


def test_a_world_is_the_same_alone_and_in_a_batch(few):
    alone = govern(1, {"states": FEW, "years.last": 2005})
    for name, came in alone.came.items():
        np.testing.assert_array_equal(came[0], few.came[name][0, :5])
    np.testing.assert_array_equal(alone.trust[0], few.trust[0, :5])
    assert np.any(few.trust[0] != few.trust[1])


def test_first_years():
    held = np.array([[0.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    np.testing.assert_array_equal(first_years(held, 2001), [2002.0, np.inf])


def test_every_check_has_a_figure_and_a_remark(few):
    checks = list(scored(few))
    assert len(checks) > 15
    assert all(check.remark for check in checks)
    assert all(np.isfinite(check.figure) for check in checks)
    attendance = by_what(checks, "states at the Global Forum")
    assert [check.figure for check in attendance] == [155.0, 163.0, 142.0, 131.0]
    assert all(check.remark.startswith("Used in setting the level") for check in attendance)
    assert not any(check.passed for check in attendance), "sixteen states cannot be a hundred"


def test_events_in_their_year_pass_and_too_early_fall_short(few):
    on_time = certain(few, summits=2015, second_high_level_dialogue=2013, high_level_meeting=2016)
    checks = [check for check in scored(on_time) if check.section == EVENTS and check.passed is not None]
    when = by_what(checks, "when: ")
    assert [check.model for check in when] == [0.0, 0.0, 0.0]
    assert all(check.passed for check in when)
    early = certain(few, summits=2001, second_high_level_dialogue=2008, high_level_meeting=2010)
    later = by_what(list(scored(early)), "later than on record")
    assert [check.model for check in later] == [2001 - 2015, 2008 - 2013, 2010 - 2016]
    assert not any(check.passed for check in by_what(list(scored(early)), "when: "))


def test_silence_of_the_clubs_and_the_conference(few):
    silent = certain(few, summits=0, un_migration_conference=0)
    loud = certain(few, summits=2009, un_migration_conference=2005)
    for seen, is_right in ((silent, True), (loud, False)):
        checks = list(scored(seen))
        spans = by_what(checks, "a club mentions the subject")
        assert [(check.year, check.passed) for check in spans] == [
            ("2001-2010", is_right),
            ("2008-2014", is_right),
        ]
        (conference,) = by_what(checks, "conference is held")
        assert conference.passed is is_right


def test_ranked_score_knows_how_far_off():
    years = range(2008, 2012)

    def sure(year):
        return np.array([1.0 if until >= year else 0.0 for until in years])

    assert ranked_score(sure(2010), years, 2010) == 0.0
    assert ranked_score(sure(2009), years, 2010) < ranked_score(sure(2008), years, 2010)


def test_themes_on_record_are_those_of_the_documents():
    assert coded_themes(2008) == ("decent_work", "services_portability")
    assert coded_themes(2013) == ()
    assert all(coded_themes(year) for years in SCORED.values() for year in years)


def test_an_agenda_that_was_foreseen_beats_every_forecast(few):
    years = SCORED["2007-2010"]
    told = np.zeros_like(few.themes[GFMD])
    for year in years:
        for theme in coded_themes(year):
            told[:, few.at(year), THEMES.index(theme)] = 1.0
    seen = replace(few, themes={**few.themes, GFMD: told})
    found = forecasts(seen, years)
    scores = {name: (named(f.chances, f.happened), brier(f.chances, f.happened)) for name, f in found.items()}
    assert scores["model"] == (1.0, 0.0)
    assert all(chance < 1.0 and error > 0.0 for name, (chance, error) in scores.items() if name != "model")
    agendas = [check for check in scored(seen) if "2007-2010" in check.year and check.unit == "score"]
    assert len(agendas) == 2
    assert all(check.passed for check in agendas)


def test_simple_forecasts_name_as_many_themes_as_the_model(few):
    for name, forecast in forecasts(few, SCORED["2007-2010"]).items():
        assert np.all((forecast.chances >= 0.0) & (forecast.chances <= 1.0))
        if name != "model":
            np.testing.assert_allclose(forecast.chances.sum(axis=-1), 2.0)


def test_without_worlds_the_central_one_runs(monkeypatch):
    asked = {}

    def one(worlds, **options):
        asked["worlds"] = worlds
        return govern(worlds, {"states": FEW}, **options)

    monkeypatch.setattr("migsim.validation.governance.govern", one)
    checks = governance_checks(0)
    assert asked == {"worlds": 0}
    assert all(np.isnan(check.low) for check in by_what(checks, "states at the Global Forum"))


def test_findings_are_told_from_files(few, tmp_path, monkeypatch):
    monkeypatch.setattr("migsim.validation.history_findings.VARIATIONS", {"no Syria": {"states": FEW}})
    record(few).to_csv(tmp_path / "checks.csv", index=False)
    vary(few, 2).to_csv(tmp_path / "varied.csv", index=False)
    found = HistoryFindings(tmp_path / "checks.csv", tmp_path / "varied.csv")
    n = len(list(scored(few)))
    assert found.scores().count("\n") == n + 1
    assert found.sentences().startswith("- Over 2 worlds ")
    said = found.sensitivities()
    assert "| as shipped |" in said
    row = next(line for line in said.splitlines() if line.startswith("| no Syria |"))
    assert row.count("; 0 %, 0 %") == 3, "the same settings give the same years"


def test_every_variation_can_be_set():
    scenario = ms.load("governance-2001-2018")
    for name, settings in VARIATIONS.items():
        changed = scenario.vary(name, dict(settings))
        for path, value in settings.items():
            if not path.startswith("shocks."):
                assert changed.value(path) == value


def written(tmp_path, text, name="sessions.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_sessions_are_read_beside_other_figures(tmp_path):
    counts = written(tmp_path, "year,process,n_states\n2010,gfmd,9\n2012,GFMD,100\n2012,iom_council,50\n")
    met = written(tmp_path, "process,year,held\ngfmd,2013,0\nsummits,2014,1\n", "held.csv")
    stocks = written(tmp_path, "origin,destination,year,stock\nMEX,USA,2015,5\n", "stocks.csv")
    later = read_later([counts, met, stocks])
    assert [(s.process, s.year, s.n_states, s.held) for s in later.sittings] == [
        ("gfmd", 2012, 100.0, None),
        ("iom-council", 2012, 50.0, None),
        ("gfmd", 2013, None, 0.0),
        ("summits", 2014, None, 1.0),
    ], "counts of the Global Forum to 2010 are the project's own"
    assert set(later.figures) == {"stock"}
    assert not has_sittings(stocks)
    assert not has_sittings(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("process,n_states\ngfmd,5\n", ":1: a file of sessions also needs year"),
        ("year,process,n_states\n1999,gfmd,5\n", ":2: year is '1999'; it must be from 2001 to 2018"),
        ("year,process,n_states\n2012,gfdm,5\n", "did you mean gfmd?"),
        ("year,process,n_states\n2012,gfmd,many\n", "n_states is 'many'"),
        ("year,process,held\n2012,gfmd,yes\n", "held is 'yes'; it must be 0 or 1"),
        ("year,process,held\n2012,gfmd,1\n2012,gfmd,1\n", "stands twice"),
    ],
)
def test_faults_say_where_and_what(tmp_path, text, said):
    with pytest.raises(InputError) as caught:
        read_sittings([written(tmp_path, text)])
    assert said in str(caught.value)


def test_later_sessions_are_scored(few, tmp_path):
    rows = "year,process,n_states,held\n2012,gfmd,12,1\n2013,gfmd,,0\n2014,gfmd,11,1\n2013,summits,5,\n"
    given = read_sittings([written(tmp_path, rows)])
    checks = list(session_checks(given, 2, few))
    (error,) = by_what(checks, "mean absolute error of states at gfmd")
    mean = (155 + 163 + 142 + 131) / 4
    assert error.forecasts["mean up to 2010"] == pytest.approx((mean - 12 + mean - 11) / 2)
    assert error.passed
    (whole,) = by_what(checks, "Brier score")
    assert whole.model == 0.0, "the calendar of the Global Forum is given"
    assert whole.passed
    assert whole.forecasts["a coin"] == 0.25
    quiet = list(session_checks(given, 2, certain(few, summits=0)))
    (summits,) = by_what(quiet, "states at summits")
    assert np.isnan(summits.model)
    assert summits.passed is None
    assert list(session_checks((), 2)) == []
