"""The set-up: lock files, the choice of a Python, the faults of a fresh machine, and what is shipped."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("run", "dev")
SHELL = shutil.which("sh") or "sh"
# Run by a stand-in below: the real interpreter, as it would be without the module that Debian packages apart.
WITHOUT_VENV = "import sys; sys.modules['ensurepip'] = None; exec(sys.argv[1])"


def pins(lock: str) -> dict[str, tuple[str, str]]:
    """Each requirement of a lock file (``name==version ; marker``) with its package and its own lines."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    return {block.split(" \\")[0]: (normal(re.split("==", block)[0]), block) for block in blocks}


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def project() -> dict:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def required(lines: list) -> set[str]:
    """The names of the packages that requirement lines ask for."""
    return {normal(re.split(r"[^A-Za-z0-9._-]", line)[0]) for line in lines if isinstance(line, str)}


def stand_in(folder: Path, name: str, body: str) -> Path:
    """An executable shell script, to stand first on PATH for a command."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!{SHELL}\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def find_python(path: str, **environment: str) -> subprocess.CompletedProcess:
    """Run the finder with nothing else in its environment."""
    command = [SHELL, str(ROOT / "tools" / "python.sh")]
    return subprocess.run(
        command, env={"PATH": path, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


def assert_refuses(found: subprocess.CompletedProcess, *fragments: str) -> None:
    """Exit code 3, nothing on standard output, and one line that holds every fragment."""
    assert (found.returncode, found.stdout) == (3, "")
    assert found.stderr.count("\n") == 1
    for fragment in fragments:
        assert fragment in found.stderr


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_host_and_no_folder(lock):
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|\bwww\.|index|find-links|trusted-host|(^|\s)/|@ ", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_hashed(lock):
    assert len(pins(lock)) > 20
    for requirement, (_, block) in pins(lock).items():
        assert re.match(r"[a-z0-9-]+==[0-9][^ ]*( ; .+)?$", requirement)
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", block), requirement


def test_development_pins_hold_every_run_pin():
    assert set(pins("run")) < set(pins("dev"))


def test_run_lock_holds_what_the_package_and_its_build_need():
    locked = {name for name, _ in pins("run").values()}
    declared = project()
    assert required(declared["project"]["dependencies"]) <= locked
    assert required(declared["build-system"]["requires"]) <= locked
    assert required(declared["dependency-groups"]["build"]) == required(declared["build-system"]["requires"])


def test_development_lock_holds_the_development_group():
    locked = {name for name, _ in pins("dev").values()}
    assert required(project()["dependency-groups"]["dev"]) <= locked


def test_python_version_is_the_oldest_supported():
    assert (ROOT / ".python-version").read_text(encoding="utf-8").split() == ["3.12"]
    assert project()["project"]["requires-python"] == ">=3.12"


def test_finder_passes_over_commands_that_fail_or_are_too_old(tmp_path):
    stand_in(tmp_path / "shims", "python3.12", "echo 'python3.12: command not found' >&2; exit 127")
    stand_in(tmp_path / "old", "python3.12", "echo 3 8 10 able /old/python")
    stand_in(tmp_path / "new", "python3", f'exec {shlex.quote(sys.executable)} "$@"')
    path = os.pathsep.join(str(tmp_path / folder) for folder in ("shims", "old", "new"))
    found = find_python(path)
    assert (found.returncode, found.stderr) == (0, "")
    assert Path(found.stdout.rstrip("\n")).samefile(sys.executable)


def test_finder_says_what_it_found_when_every_python_is_too_old(tmp_path):
    stand_in(tmp_path, "python3", "echo 3 11 2 able /somewhere/python3")
    stand_in(tmp_path, "python", "echo 2 7 18 unable /somewhere/python")
    assert_refuses(find_python(str(tmp_path)), "found Python 3.11.2", "3.12 or newer is needed", "PYTHON=")


def test_finder_says_so_when_there_is_no_python(tmp_path):
    assert_refuses(find_python(str(tmp_path)), "found no Python", "3.12 or newer is needed", "PYTHON=")


def test_finder_says_so_when_python_cannot_make_environments(tmp_path):
    body = f'exec {shlex.quote(sys.executable)} -c {shlex.quote(WITHOUT_VENV)} "$2"'
    stand_in(tmp_path, "python3", body)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert_refuses(find_python(str(tmp_path)), "cannot make virtual environments", version)


def test_finder_takes_the_python_it_is_given_or_none(tmp_path):
    chosen = find_python(str(tmp_path), PYTHON=sys.executable)
    assert chosen.returncode == 0
    assert Path(chosen.stdout.rstrip("\n")).samefile(sys.executable)
    stand_in(tmp_path, "python3", f'exec {shlex.quote(sys.executable)} "$@"')
    assert_refuses(find_python(str(tmp_path), PYTHON="/no/such/python"), "/no/such/python", "3.12 or newer")


def test_environment_says_in_one_line_that_packages_cannot_be_had(tmp_path):
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    nothing = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}
    made = subprocess.run(
        [SHELL, str(tmp_path / "tools" / "environment.sh"), "run"],
        env={**os.environ, "PYTHON": sys.executable, **nothing},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert made.returncode == 3
    assert made.stderr.count("\n") == 1
    assert "requirements/run.txt could not be installed" in made.stderr
    assert not (tmp_path / ".venv" / "run.installed").exists()


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with the wheel and the source archive."""
    folder = tmp_path_factory.mktemp("built")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return folder


def test_wheel_ships_the_scenarios_and_every_data_file(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        shipped = set(wheel.namelist())
    scenarios = {f"migsim/scenarios/{path.name}" for path in (ROOT / "scenarios").glob("*.yaml")}
    package = ROOT / "src" / "migsim"
    files = [path for path in package.rglob("*") if path.is_file() and path.suffix not in {".pyc", ".pyo"}]
    assert scenarios <= shipped
    assert {f"migsim/{path.relative_to(package).as_posix()}" for path in files} <= shipped


def test_source_archive_holds_all_that_a_test_run_needs(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "LICENSE", ".python-version", "requirements/dev.txt", "tools/python.sh"} <= names
    for folder in ("docs", "notebooks", "scenarios", "tests"):
        present = {
            path.relative_to(ROOT).as_posix() for path in (ROOT / folder).glob("*.*") if path.is_file()
        }
        assert present <= names
