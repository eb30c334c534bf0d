"""The command that lists the library of processes and shows one, driven as a user drives it."""

import subprocess
import sys

import pytest

from migsim.cli import main
from migsim.provenance.claims import claim
from migsim.scenario.library import entries, entry


def test_the_library_is_listed(capsys):
    assert main(["processes"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    lines = said.out.splitlines()
    assert lines[0].split() == ["name", "title", "participants", "when", "output", "rule"]
    named = [line.split()[0] for line in lines if line and not line.startswith(" ")]
    assert [name for name in named if name in entries()] == list(entries())
    assert "migsim run NAME" in said.out


@pytest.mark.parametrize("name", ["berne-initiative", "bilateral-agreements", "migrant-workers-convention"])
def test_one_process_is_shown_with_what_it_rests_on(capsys, name):
    assert main(["processes", name]) == 0
    said = " ".join(capsys.readouterr().out.split())
    found = entry(name)
    for told in (found.title, found.description, found.convener, found.participants, found.rule, found.row):
        assert " ".join(told.split()) in said
    for identifier in found.evidence:
        assert f"{identifier} {claim(identifier).claim}" in said
        assert claim(identifier).locator in said
    assert f"Left open by the documents: {found.silent_on}." in said


def test_what_does_not_apply_is_not_said(capsys):
    assert main(["processes", "bilateral-agreements"]) == 0
    lines = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert "binds" in lines
    assert not {"chair", "agenda", "facilitator", "links"} & set(lines)


def test_a_stranger_is_named_and_the_near_one_offered(capsys):
    assert main(["processes", "pueblo"]) == 2
    assert "there is no process 'pueblo' in the library; did you mean puebla?" in capsys.readouterr().err
    assert main(["processes", "zzz"]) == 2
    assert "`migsim processes` lists them" in capsys.readouterr().err


def test_listing_needs_no_arrays():
    code = (
        "import sys; from migsim.cli import main; main(['processes']); main(['processes', 'gfmd']);"
        "sys.exit(', '.join({'numpy', 'pandas', 'matplotlib', 'mesa'} & set(sys.modules)) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert "Global Forum" in ran.stdout
