"""The record and the registry are written as told, and nothing else is touched."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace

import pytest

from migsim.calibration.record import record, write, write_record
from migsim.cli import main
from migsim.errors import EnvironmentProblem, InputError
from migsim.provenance.calibrations import COLUMNS, FOLDER, RECORD, calibrations, read_calibrations
from migsim.provenance.parameters import read_registry
from migsim.provenance.sources import resolve

TOUCHED = ("default", "low", "high", "source")


@pytest.fixture
def folder(tmp_path):
    for file in ("parameters.csv", "levers.csv", RECORD):
        shutil.copy(FOLDER / file, tmp_path / file)
    return tmp_path


def rows(path):
    with path.open(encoding="utf-8", newline="") as table:
        return {row["path"]: row for row in csv.DictReader(table)}


def changed(calibration, **values):
    """The same calibration with other numbers in one fit."""
    (identifier,) = values
    return replace(
        calibration,
        fits=tuple(
            replace(fit, **values[identifier]) if fit.id == identifier else fit for fit in calibration.fits
        ),
    )


def test_the_registry_takes_the_fits_and_keeps_the_rest(calibration, folder):
    other = changed(calibration, network={"value": 0.71234, "low": 0.55555})
    before, first = rows(folder / "parameters.csv"), (folder / "parameters.csv").read_bytes()
    assert write(other, folder) == (folder / RECORD, folder / "parameters.csv")
    after, second = rows(folder / "parameters.csv"), (folder / "parameters.csv").read_bytes()
    paths = {fit.path for fit in other.fits}
    for path, row in after.items():
        kept = {name: cell for name, cell in row.items() if path not in paths or name not in TOUCHED}
        assert kept == {name: before[path][name] for name in kept}
    lines = zip(first.splitlines(keepends=True), second.splitlines(keepends=True), strict=True)
    for old, new in lines:
        assert old == new or old.split(b",")[0].decode() in paths
    network = read_registry(folder)["world.flows.network"]
    assert (network.default, network.low, network.high) == (0.712, 0.556, 1.0)
    assert network.sources[0] == "calibration:network"
    assert "assumption" not in network.sources
    assert read_registry(folder).check() == []
    assert all(other.agrees(fit, read_registry(folder)) for fit in other.fits)


def test_writing_twice_changes_nothing_and_keeps_the_date(calibration, folder):
    write(replace(calibration, date="2001-01-01"), folder)
    (folder / RECORD).write_text(record(replace(calibration, date="2001-01-01")), encoding="utf-8")
    first = [(folder / file).read_bytes() for file in ("parameters.csv", RECORD)]
    write(replace(calibration, date="2002-02-02"), folder)
    assert [(folder / file).read_bytes() for file in ("parameters.csv", RECORD)] == first
    write(replace(changed(calibration, okun={"value": 0.12345}), date="2002-02-02"), folder)
    dates = {identifier: last.date for identifier, last in read_calibrations(folder).items()}
    assert dates.pop("okun") == "2002-02-02"
    assert set(dates.values()) == {"2001-01-01"}


def test_line_ends_and_quotes_stay(calibration, folder):
    path = folder / "parameters.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    write(calibration, folder)
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")
    assert read_registry(folder).check() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("world.flows.network,number,", "world.flows.networks,number,", "world.flows.network: no such row"),
        (
            "world.displacement.border,number,log,",
            "world.displacement.border,number,share,",
            "outside the bounds",
        ),
    ],
)
def test_a_row_that_does_not_fit_is_located_and_nothing_is_written(calibration, folder, old, new, said):
    path = folder / "parameters.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = [(folder / file).read_bytes() for file in ("parameters.csv", RECORD)]
    with pytest.raises(InputError, match=r"parameters\.csv") as refused:
        write(calibration, folder)
    assert said in str(refused.value)
    assert [(folder / file).read_bytes() for file in ("parameters.csv", RECORD)] == before


def test_a_row_of_another_unit_that_admits_the_fit_is_written(calibration, folder):
    path = folder / "parameters.csv"
    table = path.read_text(encoding="utf-8")
    path.write_text(table.replace("world.shocks.okun,number,elasticity,", "world.shocks.okun,number,share,"))
    write(calibration, folder)
    assert read_registry(folder)["world.shocks.okun"].unit == "share"


def test_a_row_fixed_by_another_fit_is_refused(calibration, folder):
    write(calibration, folder)
    path = folder / "parameters.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("calibration:okun", "calibration:network"), encoding="utf-8"
    )
    with pytest.raises(
        InputError, match=r"parameters\.csv:\d+: world\.shocks\.okun: is fixed by calibration:network"
    ):
        write(calibration, folder)


def test_a_folder_that_cannot_be_written_is_named(calibration, folder, monkeypatch):
    monkeypatch.setattr("migsim.calibration.record.os.access", lambda path, mode: False)
    with pytest.raises(
        EnvironmentProblem, match=r"parameters\.csv: cannot be written; run this in a checkout"
    ):
        write(calibration, folder)
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        write_record(calibration, folder / "nowhere" / RECORD)


def test_the_record_reads_as_written(calibration, tmp_path):
    write_record(calibration, tmp_path / RECORD)
    read = read_calibrations(tmp_path)
    assert list(read) == [fit.id for fit in calibration.fits]
    assert read["less_europe"].standard_error is None
    assert read["network"].date == calibration.date


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,path\n", r"calibration\.csv:1: columns must be id, path"),
        (f"{','.join(COLUMNS)}\na,b\n", r"calibration\.csv:2: the row has more or fewer"),
        (f"{','.join(COLUMNS)}\na,b,x,,0,1,t,f,1,0,u,m,d\n", r"calibration\.csv:2: a: could not convert"),
        (f"{','.join(COLUMNS)}\n{'a,b,1,,0,1,t,f,1,0,u,m,d\n' * 2}", r"calibration\.csv:3: a stands twice"),
    ],
)
def test_a_broken_record_is_located(tmp_path, text, said):
    (tmp_path / RECORD).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_calibrations(tmp_path)


def test_a_calibration_can_be_looked_up_as_a_source():
    for identifier, last in calibrations().items():
        said = resolve(f"calibration:{identifier}")
        assert last.date in said
        assert last.target in said
    with pytest.raises(
        InputError, match=r"there is no fit 'netwrk' in calibration\.csv; did you mean network"
    ):
        resolve("calibration:netwrk")


def test_evidence_shows_a_calibration(capsys, calibration, folder, monkeypatch):
    write(calibration, folder)
    monkeypatch.setattr("migsim.provenance.show.registry", lambda: read_registry(folder))
    assert main(["evidence", "--of", "world.flows.network"]) == 0
    assert "fitted 20" in capsys.readouterr().out


def test_the_command_tells_fits_origins_and_identities(calibration, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("migsim.calibration.calibrate", lambda: calibration)
    out = tmp_path / "record.csv"
    assert main(["calibrate", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    for words in ("world.flows.network", "published range", "IRQ", "Not fitted", f"Record: {out}"):
        assert words in said
    assert out.read_text(encoding="utf-8") == record(calibration)


def test_the_command_writes_only_when_told(calibration, capsys, monkeypatch):
    monkeypatch.setattr("migsim.calibration.calibrate", lambda: calibration)
    written = []
    monkeypatch.setattr(
        "migsim.calibration.record.write", lambda found: written.append(found) or (FOLDER / RECORD,)
    )
    assert main(["calibrate"]) == 0
    assert written == []
    assert main(["calibrate", "--write"]) == 0
    assert written == [calibration]
    assert "Written: " in capsys.readouterr().out
