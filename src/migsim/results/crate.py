"""A run folder as a research object: an RO-Crate 1.1 that says what it is, what made it, and of what.

The description is made from the run's own manifest, so that the same run gives the same bytes. It names the
software, the scenario that was put in, the seed, and every table and figure that came out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from migsim.ensemble.folders import MANIFEST, entering, write_manifest
from migsim.ensemble.store import write_text
from migsim.errors import InputError
from migsim.results.manifest import with_outputs
from migsim.results.recorded import changed_files
from migsim.results.run import OWN_FACTS, SCENARIO, Run

__all__ = ["CRATE", "LICENCE", "crate"]

CRATE: Final = "ro-crate-metadata.json"
LICENCE: Final = "MIT"
"""Licence of the software and of what it writes, as an SPDX name; LICENSE and CITATION.cff say the same."""

CONTEXT: Final = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://schema.org/sha256"}]
FORMATS: Final[Mapping[str, str]] = {
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".yaml": "application/yaml",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
}
SOFTWARE: Final = "#migsim"
ACTION: Final = "#run"


def crate(folder: str | os.PathLike[str]) -> Path:
    """Describe a run folder as an RO-Crate, in the folder itself, and enter the description in its manifest.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    InputError
        If it is no run folder, files of it were changed since the run, or another process is writing it.
    EnvironmentProblem
        If another run takes its place meanwhile, or it cannot be written.
    """
    run = Run.open(folder)
    assert run.folder is not None, "it was opened from one"
    path = run.folder / CRATE
    with entering(run.folder, run.manifest) as held:
        outputs = {name: sha256 for name, sha256 in held["outputs"].items() if name != CRATE}
        manifest = {**held, "outputs": outputs}
        if changed := changed_files(run.folder, manifest):
            names = ", ".join(f"{name} ({what})" for name, what in changed.items())
            raise InputError(
                f"{run.folder}: is no longer as the run left it: {names}; run the scenario again"
            )
        if CRATE in held["outputs"]:
            # A file that is being replaced must not stand in the manifest with its old hash.
            write_manifest(run.folder, manifest)
        write_text(path, _text(run, outputs))
        write_manifest(run.folder, with_outputs(manifest, run.folder, [path]))
    return path


def _text(run: Run, outputs: Mapping[str, str]) -> str:
    graph = {"@context": CONTEXT, "@graph": [*_descriptions(run, outputs)]}
    return f"{json.dumps(graph, indent=2, ensure_ascii=False, allow_nan=False)}\n"


def _descriptions(run: Run, outputs: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The entities of the crate, the file itself and the folder first."""
    yield {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{run.title}: {run.n_replicates} simulated worlds",
        "description": _what(run),
        "datePublished": run.manifest["finished_at"],
        "license": {"@id": _licence_id()},
        "hasPart": [{"@id": _id(name)} for name in (*outputs, MANIFEST)],
        "mentions": {"@id": ACTION},
    }
    settings = list(_settings(run))
    yield {
        "@id": ACTION,
        "@type": "CreateAction",
        "name": f"Run of scenario {run.name}",
        "instrument": {"@id": SOFTWARE},
        "object": [{"@id": SCENARIO}, *({"@id": setting["@id"]} for setting in settings)],
        "result": [{"@id": _id(name)} for name in outputs if name != SCENARIO],
        "endTime": run.manifest["finished_at"],
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }
    yield from settings
    yield from _software(run)
    yield {
        "@id": _licence_id(),
        "@type": "CreativeWork",
        "name": f"{LICENCE} License",
        "url": _licence_id(),
    }
    assert run.folder is not None, "it was opened from one"
    for name, sha256 in outputs.items():
        yield _file(name, run.folder / name, sha256)
    yield {
        "@id": MANIFEST,
        "@type": "File",
        "name": "Manifest of the run",
        "description": "Seed, versions, failures, timings, and the SHA-256 of every table and file, that of "
        "this description among them, which is why its own is not told here.",
        "encodingFormat": FORMATS[".json"],
    }


def _what(run: Run) -> str:
    drawn = "drawn from their ranges" if run.parameters == "ranged" else "at their central values"
    return (
        f"{run.n_replicates} worlds of the scenario {run.name}, each beside the same world in which nobody "
        f"meets, simulated with migsim {run.manifest['versions']['migsim']}; seed {run.seed}, parameters "
        f"{drawn}."
    )


def _settings(run: Run) -> Iterator[dict[str, Any]]:
    """What else was put in, beside the scenario."""
    values = {
        "seed": ("Seed of the random numbers", run.seed),
        "replicates": ("Numbers of the worlds", str(run.manifest["replicates"]["asked"])),
        "parameters": ("Whether parameters are drawn (ranged) or kept (central)", run.parameters),
        "scenario-hash": ("SHA-256 of what the scenario means", run.manifest["scenario_hash"]),
    }
    for name, (description, value) in values.items():
        yield {
            "@id": f"#{name}",
            "@type": "PropertyValue",
            "name": name,
            "description": description,
            "value": value,
        }


def _software(run: Run) -> Iterator[dict[str, Any]]:
    """migsim, and the libraries that it ran with."""
    versions = dict(run.manifest["versions"])
    own = versions.pop("migsim")
    code, platform = versions.pop("migsim_code", ""), versions.pop("platform", "")
    yield {
        "@id": SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "migsim: a simulator of multilateral migration forums",
        "softwareVersion": own,
        "identifier": f"sha256:{code}",
        "license": {"@id": _licence_id()},
        "operatingSystem": platform,
        "softwareRequirements": [{"@id": f"#{name}"} for name in versions],
    }
    for name, version in versions.items():
        yield {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "softwareVersion": version}


def _file(name: str, path: Path, sha256: str) -> dict[str, Any]:
    told: dict[str, Any] = {"@id": _id(name), "@type": "File", "name": _named(name)}
    if kind := FORMATS.get(path.suffix):
        told["encodingFormat"] = kind
    return {**told, "contentSize": str(path.stat().st_size), "sha256": sha256}


def _named(name: str) -> str:
    """What a file is, in words."""
    if name == SCENARIO:
        return "The scenario as it was run, with nothing left to look up"
    if name == OWN_FACTS:
        return "Figures of the author's own that were laid over those of migsim, with their sources"
    folder, _, file = name.rpartition("/")
    kinds = {".parquet": f"Table {folder}, {file}", ".png": f"Figure {file}", ".csv": f"Summary {file}"}
    return kinds.get(Path(name).suffix, name)


def _licence_id() -> str:
    return f"https://spdx.org/licenses/{LICENCE}"


def _id(name: str) -> str:
    """A file's name as a relative address."""
    from urllib.parse import quote

    return quote(name)
