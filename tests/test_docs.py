"""The documentation: what is generated is current, what is linked exists, and what is shown really runs."""

import importlib.util
import re
import shlex
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from typer.main import get_command

import migsim as ms
from migsim.cli import COMMANDS
from migsim.ensemble.batch import KEYS, Tables, run_batch
from migsim.negotiation import protocol_names
from migsim.provenance.parameters import registry
from migsim.provenance.sources import resolve
from migsim.results.summary import GAIN_COLUMNS, TRIPLE_WIN_COLUMNS
from migsim.results.texts import OBJECTOR_COLUMNS, TEXT_COLUMNS
from migsim.scenario.checking import check
from migsim.scenario.schema import Process
from migsim.themes import MIGRANT_CLASSES as CLASSES
from migsim.themes import THEMES
from migsim.triple_win import GROUPS
from migsim.world.vocabulary import ASPECTS

ROOT = Path(__file__).resolve().parents[1]
GENERATE = ROOT / "docs" / "generate.py"
DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]
COMPONENTS = ("output", "fiscal", "order", "integration", "money", "skills", "development")
TOLD_ELSEWHERE = {
    "agreements",
    "blocking_share",
    "convener",
    "evidence",
    "facilitator",
    "friends",
    "instrument",
    "output",
    "title",
}
"""Keys of a process that are not told by phase."""
STANDINS = {
    "theme": THEMES,
    "class": CLASSES,
    "aspect": ASPECTS,
    "group": GROUPS,
    "component": COMPONENTS,
}


def name_of(path: Path) -> str:
    """A document's path as a test's name."""
    return path.relative_to(ROOT).as_posix()


every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)


def text_of(name: str) -> str:
    """The text of a document in docs/."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def section(text: str, start: str, end: str) -> str:
    """What stands between two headings."""
    return text[text.index(f"\n{start}\n") : text.index(f"\n{end}")]


def without_code(text: str) -> str:
    """The text without code blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ +(.+?) *$", without_code(text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@cache
def generator():
    """The script that makes the generated parts, as a module."""
    found = importlib.util.spec_from_file_location("generate_docs", GENERATE)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@cache
def stale_documents():
    return set(generator().stale_documents())


@pytest.mark.parametrize("document", sorted((ROOT / "docs").glob("*.md")), ids=name_of)
def test_generated_parts_are_current(document):
    assert document not in stale_documents(), "run `make docs`"


def test_every_marker_is_known_and_closed():
    parts = generator().PARTS
    seen = []
    for document in (ROOT / "docs").glob("*.md"):
        text = document.read_text(encoding="utf-8")
        opened = re.findall(r"<!-- generated: (.+?) -->", text)
        assert opened == re.findall(r"<!-- end: (.+?) -->", text)
        seen += opened
    assert sorted(seen) == sorted(parts)


def test_check_finds_a_stale_document(tmp_path):
    stale = tmp_path / "page.md"
    stale.write_text("<!-- generated: units -->\nold\n<!-- end: units -->\n", encoding="utf-8")
    assert set(generator().stale_documents(tmp_path)) == {stale}
    stale.write_text(generator().renewed(stale.read_text(encoding="utf-8")), encoding="utf-8")
    assert not generator().stale_documents(tmp_path)


def test_the_script_runs():
    ran = subprocess.run(
        [sys.executable, str(GENERATE), "--check"], capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr


def test_every_group_of_parameters_appears_in_the_submodels():
    submodels = section(text_of("odd.md"), "### 3.4 Submodels", "### 3.5")
    before = section(text_of("odd.md"), "### 3.2 Initialisation", "### 3.3")
    groups = {row.path.rpartition(".")[0] for row in registry().rows}
    missing = {group for group in groups if f"`{group}`" not in submodels + before}
    assert not missing


def test_every_constant_named_in_the_description_stands_in_the_program():
    listed = re.findall(r"^\| `(.+?)` \| `(\S+\.py)` \|", text_of("odd.md"), flags=re.MULTILINE)
    assert len(listed) > 5
    for constant, module in listed:
        assert constant in (ROOT / "src" / "migsim" / module).read_text(encoding="utf-8"), (constant, module)


def test_every_package_has_its_room_in_the_architecture():
    text = text_of("architecture.md")
    package = ROOT / "src" / "migsim"
    rooms = {f"{folder.name}/" for folder in package.iterdir() if list(folder.glob("*.py"))}
    modules = {module.name for module in package.glob("*.py") if not module.name.startswith("_")}
    assert not {name for name in rooms | modules if name not in text}


@every_document
def test_links_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)(.+?)\)", without_code(text)):
        name, _, anchor = target.partition("#")
        page = (document.parent / name).resolve() if name else document
        assert page.is_relative_to(ROOT), target
        assert page.exists(), target
        if anchor:
            assert anchor in anchors(page.read_text(encoding="utf-8")), target


@every_document
def test_sources_can_be_looked_up(document):
    text = document.read_text(encoding="utf-8")
    for token in re.findall(r"`((?:evidence|literature|facts):[\w.-]+)`", text):
        assert resolve(token), token


COMMAND_LINES = sorted(
    {
        (name_of(document), re.sub(r" +#.*", "", line.replace("\\\n", " ")).strip())
        for document in DOCUMENTS
        for line in re.findall(
            r"^(?:    |\$ )migsim ((?:.*\\\n)*.*)$", document.read_text(encoding="utf-8"), re.M
        )
    }
)
"""What a reader may type after ``migsim``, with the document that shows it."""


@pytest.mark.parametrize(("document", "line"), COMMAND_LINES)
def test_the_commands_shown_can_be_read(document, line):
    for module in COMMANDS:
        import_module(module)
    name, *arguments = shlex.split(line)
    app = get_command(import_module("migsim.commands").app)
    assert name in app.commands
    read = app.commands[name].make_context(name, arguments)
    assert not read.args


@every_document
def test_no_document_names_a_machine(document):
    text = document.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(home|root|tmp|work|Users|mnt|usr|var|opt)/|\bC:\\|~/", text)
    assert "../shared" not in text


@pytest.fixture(scope="module")
def example(tmp_path_factory) -> Path:
    """The forum from nothing, as the page shows it, in a file."""
    marked = re.search(r"<!-- tested: (\S+) -->\n```yaml\n(.*?)^```$", text_of("scenarios.md"), re.S | re.M)
    assert marked
    path = tmp_path_factory.mktemp("forum") / marked[1]
    path.write_text(marked[2], encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def tables(example) -> Tables:
    """The tables of two replicates of the example."""
    return run_batch(ms.load(example), (0, 1), 2026, "ranged")


def test_the_example_is_short_and_passes_the_check(example):
    assert 15 <= len(example.read_text(encoding="utf-8").splitlines()) <= 25
    assert check(str(example), [])


def test_the_example_runs(tables):
    assert sorted(tables) == sorted(KEYS)
    world = tables["world"]
    assert world["year"].max() == 2010
    met = {int(year) for year in world["year"][world["n_attending"] > 0]}
    assert met == {2007, 2008, 2009}
    assert world["n_on_agenda"].max() == 1


def test_the_other_scenarios_shown_are_sound(tmp_path):
    shown = [text for text in blocks(text_of("scenarios.md"), "yaml") if text.startswith("extends")]
    assert shown
    for text in shown:
        path = tmp_path / "shown.yaml"
        path.write_text(text, encoding="utf-8")
        assert check(str(path), [])


def test_the_python_shown_runs(example, monkeypatch, capsys):
    monkeypatch.chdir(example.parent)
    names = {}
    for code in blocks(text_of("scenarios.md"), "python"):
        exec(compile(code, "scenarios.md", "exec"), names)
    told = capsys.readouterr().out
    assert "migrants" in told
    assert "assumption" in told
    hooks = {hook for hook in vars(ms.Behaviour) if not hook.startswith("_")}
    assert hooks == {hook for hook in vars(names["Champion"]) if not hook.startswith("_")}
    assert hooks <= set(re.findall(r"^\| `(\w+)` \|", text_of("scenarios.md"), re.M))
    spain = names["model"].state("ESP")
    assert spain.attended


PROCESSES = dict(
    re.findall(r"<!-- tested: (\S+) -->\n```yaml\n(.*?)^```$", text_of("processes.md"), re.S | re.M)
)
"""The scenarios that the page on processes shows, by file."""


@pytest.fixture(scope="module", params=PROCESSES)
def shown_process(request, tmp_path_factory) -> Path:
    """One of the scenarios that the page on processes shows, in a file."""
    path = tmp_path_factory.mktemp("process") / request.param
    path.write_text(PROCESSES[request.param], encoding="utf-8")
    return path


def test_the_processes_shown_are_short_and_run(shown_process):
    assert 10 <= len(shown_process.read_text(encoding="utf-8").splitlines()) <= 22
    assert check(str(shown_process), [])
    scenario = ms.load(shown_process)
    texts = run_batch(scenario, (0, 1), 2026, "ranged")["texts"]
    certain = {"andean-dialogue": "andean", "shallow-convention": "", "crisis-meeting": "gfmd"}
    assert set(certain) == {Path(name).stem for name in PROCESSES}
    if process := certain[shown_process.stem]:
        assert process in set(texts["process"])


def test_the_ladder_is_told_in_full():
    told = re.findall(r"^\| `(\w+)` \|", section(text_of("processes.md"), "## The ladder", "## What"), re.M)
    assert tuple(told[1:]) == registry()["processes.*.output"].options


def test_every_part_of_a_process_is_told():
    part = section(text_of("processes.md"), "## How a process is composed", "## The ladder")
    choices = {row.path.split(".")[2] for row in registry().rows if row.path.startswith("processes.*.")}
    missing = {key for key in choices | set(Process.model_fields) if f"`{key}" not in part}
    assert missing <= TOLD_ELSEWHERE, missing - TOLD_ELSEWHERE


def described(heading: str, after: str) -> set[str]:
    """The columns that a part of the description defines, with every stand-in spelt out."""
    part = section(text_of("odd.md"), heading, after)
    cells = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    columns = {column for cell in cells for column in re.findall(r"`([^`]+)`", cell)}
    for name, values in STANDINS.items():
        spelt = {column.replace(f"<{name}>", value) for column in columns for value in values}
        columns = {column for column in spelt if f"<{name}>" not in column}
    return columns


@pytest.mark.parametrize(
    ("table", "heading", "after"),
    [
        ("world", "### 4.1 world", "### 4.2"),
        ("states", "### 4.2 states", "### 4.3"),
        ("texts", "### 4.3 texts", "### 4.4"),
        ("attendance", "### 4.4 attendance", "### 4.5"),
        ("corridors", "### 4.5 corridors", "#### 4.5.1"),
        ("implementation", "#### 4.5.1 implementation", "#### 4.5.2"),
        ("migrations", "#### 4.5.2 migrations and main_corridors", "### 4.6"),
        ("main_corridors", "#### 4.5.2 migrations and main_corridors", "### 4.6"),
    ],
)
def test_every_column_is_defined(tables, table, heading, after):
    assert described(heading, after) == set(tables[table])


def test_the_columns_of_the_summaries_are_defined():
    assert described("### 4.6 triple_win.csv", "### 4.7") == set(TRIPLE_WIN_COLUMNS)
    assert described("### 4.9 texts.csv", "### 4.10") == {"scenario", *TEXT_COLUMNS}
    assert described("### 4.10 objectors.csv", "## 5") == {"scenario", *OBJECTOR_COLUMNS}
    part = section(text_of("odd.md"), "### 4.7 gains.csv", "### 4.8")
    assert set(GAIN_COLUMNS) <= set(re.findall(r"`(\w+)`", part))


def test_the_protocol_that_contributing_shows_can_be_used(monkeypatch):
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(\"\"\"Half way.*?)```", contributing, re.S)
    module = ModuleType("migsim.negotiation.half_way")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(snippet, "half_way.py", "exec"), module.__dict__)
    names = (*protocol_names(), "half_way")
    monkeypatch.setattr("migsim.negotiation.registry.protocol_names", lambda: names)
    rows = {"actor": ["A", "B"], "position": [0, 80]}
    done = ms.negotiate(rows, protocol="half_way", rounds=2)
    assert done.positions["position"].tolist() == pytest.approx([0.0, 80.0, 20.0, 60.0, 30.0, 50.0])
    assert done.text["position"].item() == 40.0
    assert done.protocol.name == "half_way"
