"""The house rules that no reader should have to check by eye."""

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

import migsim
from migsim.provenance.claims import claims
from migsim.provenance.parameters import registry
from migsim.provenance.sources import resolve

SOURCE = Path(migsim.__file__).parent
MODULES = sorted(path for path in SOURCE.rglob("*.py"))
LAYERS = (
    ("__init__",),
    ("errors", "interrupts", "quantities", "themes"),
    ("provenance",),
    ("facts",),
    ("scenario",),
    ("world",),
    ("actors",),
    ("negotiation",),
    ("forum",),
    ("triple_win",),
    ("year",),
    ("start",),
    ("ensemble",),
    ("results",),
    ("model", "agents"),
    ("plots",),
    ("analysis",),
    ("report",),
    ("calibration", "validation"),
    ("explore",),
)
"""From the ground up; a module imports its own layer or a lower one. The command line is the roof."""

ROOF = len(LAYERS)

ACCESSORS = {
    ("results.figures_of_world", "plots"),
    ("results.negotiations", "plots.courses"),
    ("results.negotiations", "plots.saving"),
    ("results.run", "report.briefing"),
    ("results.run", "report.reporting"),
    ("results.study", "report.reporting"),
    ("scenario.checking", "ensemble.experiments"),
    ("scenario.rules", "negotiation.options"),
    ("scenario.rules", "negotiation.registry"),
}
"""The ways up, each inside a function.

A run or a study reaches its figures and pages, and a scenario asks a protocol what options it has, and a
sweep what it would refuse.
"""


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__") or "__init__"


def layer(module: str) -> int:
    top = module.split(".")[0]
    return next((n for n, names in enumerate(LAYERS) if top in names), ROOF)


class Imports(ast.NodeVisitor):
    """Modules of the package imported at run time; what only type checkers see is left out."""

    def __init__(self, *, deferred: bool) -> None:
        self.deferred = deferred
        self.found: list[tuple[int, str]] = []

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.unparse(node.test):
            self.generic_visit(node)
        else:
            for child in node.orelse:
                self.visit(child)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if self.deferred:
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.found += [(node.lineno, alias.name) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.found.append((node.lineno, node.module or "."))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path, *, deferred: bool = True) -> list[tuple[int, str]]:
    visitor = Imports(deferred=deferred)
    visitor.visit(tree(path))
    return visitor.found


def within(path: Path) -> Iterator[tuple[int, str]]:
    for line, name in imports(path):
        if name.split(".")[0] == "migsim":
            yield line, name.removeprefix("migsim").removeprefix(".") or "__init__"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_run_downward(path):
    name = dotted(path)
    if name == "__init__":
        return
    upward = [
        f"line {line}: {imported}"
        for line, imported in within(path)
        if layer(imported) > layer(name) and (name, imported) not in ACCESSORS
    ]
    assert not upward, f"{name} imports from above: {upward}"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_house_rules(path):
    module, name = tree(path), dotted(path)
    everything = [one for _, one in imports(path)]
    if name != "model":
        assert not any(one.split(".")[0] == "mesa" for one in everything), "only the model knows Mesa"
    assert not any(one.split(".")[0] in ("random", "secrets") for one in everything)
    slow = {"pandas", "matplotlib", "scipy", "pyarrow", "mesa", "jinja2"}
    at_import = {one.split(".")[0] for _, one in imports(path, deferred=False)}
    assert not at_import & slow or name == "model"
    assert not any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(module))
    if name.rpartition(".")[2] != "__main__":
        names = {
            target.id for node in module.body for target in targets(node) if isinstance(target, ast.Name)
        }
        is_empty = all(isinstance(node, ast.Expr) for node in module.body)
        assert "__all__" in names or is_empty, "no __all__"
    assert len(path.read_text("utf-8").splitlines()) <= 400
    assert ast.get_docstring(module)


def targets(node: ast.stmt) -> list[ast.expr]:
    match node:
        case ast.Assign():
            return node.targets
        case ast.AnnAssign():
            return [node.target]
    return []


GENERATORS = {"Generator", "PCG64", "SeedSequence", "Philox", "BitGenerator"}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_no_draw_from_a_global_source(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and re.fullmatch(r"(np|numpy)\.random", ast.unparse(node.value)):
            assert node.attr in GENERATORS, f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_functions_are_short(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 70, (
                f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
            )


def test_everything_offered_is_there():
    for path in MODULES:
        name = dotted(path)
        if name in ("__main__",):
            continue
        module = import_module(f"migsim.{name}" if name != "__init__" else "migsim")
        for offered in getattr(module, "__all__", ()):
            assert hasattr(module, offered), f"{name}.{offered}"


def parameter_classes() -> Iterator[tuple[str, str, set[str]]]:
    """Every dataclass that is filled from the registry: where it stands, its group, and its fields."""
    for path in MODULES:
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                said = re.search(r"Registry group\s+``([\w.*]+)``", ast.get_docstring(node) or "")
                if said:
                    fields = {
                        each.target.id
                        for each in node.body
                        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
                    }
                    yield f"{dotted(path)}.{node.name}", said.group(1), fields


CLASSES = list(parameter_classes())
READ_BY_PATH = {
    "world.base": {"neighbour_distance", "later_growth_own_share"},
    "world.wellbeing": {"gain_of_moving"},
    "world.policy": {"cost_income"},
    "actors.interests": {"concern", "horizon", "knowledge_at_base"},
    "processes.*.switches": {"permuted_texts", "aid_instead"},
}
"""Rows that a group's dataclass may leave out, since they are read by their own path elsewhere."""


def test_every_class_of_parameters_says_its_group():
    said = {name for name, _, _ in CLASSES}
    for path in MODULES:
        engine = layer(dotted(path)) <= layer("start")
        for node in tree(path).body if engine else ():
            if isinstance(node, ast.ClassDef) and re.fullmatch(r"\w+Parameters", node.name):
                assert f"{dotted(path)}.{node.name}" in said
    assert len(said) > 15


@pytest.mark.parametrize(
    ("name", "group", "fields"), CLASSES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_fields_are_the_rows_of_their_group(name, group, fields):
    depth = len(group.split("."))
    rows = {row.segments[-1] for row in registry().group(group) if len(row.segments) == depth + 1}
    assert fields <= rows, f"{name} has no row for {sorted(fields - rows)}"
    unread = rows - fields - READ_BY_PATH.get(group, set())
    assert not unread, f"{name} leaves out {sorted(unread)}"


def test_what_is_read_by_path_exists():
    for group, names in READ_BY_PATH.items():
        rows = {row.segments[-1] for row in registry().group(group)}
        assert names <= rows, f"{group}: {sorted(names - rows)}"


def test_every_parameter_is_read_somewhere():
    text = "\n".join(path.read_text("utf-8") for path in MODULES)
    filled = {f"{group}.{field}" for _, group, fields in CLASSES for field in fields}
    for row in registry().rows:
        if row.path in filled or row.path.startswith("levers."):
            continue
        path = row.path.removeprefix("processes.*.").removeprefix("actors.")
        assert re.search(rf'["\'](actors\.)?{re.escape(path)}["\']', text), f"nobody reads {row.path}"


def tokens() -> list[tuple[str, str, str]]:
    found = []
    for table in ("parameters.csv", "levers.csv"):
        rows = csv.DictReader((files("migsim.provenance") / table).read_text("utf-8").splitlines())
        for row in rows:
            name = row.get("path") or row["paragraph"]
            found += [(table, name, token) for token in row["source"].split()]
    return found


def test_every_source_can_be_looked_up():
    found = tokens()
    assert len(found) > 250
    for table, name, token in found:
        assert resolve(token), f"{table}: {name}: {token}"


def test_claims_named_in_the_modules_can_be_looked_up():
    """Docstrings and comments name claims of the documents as ``x-some-words``."""
    known = set(claims())
    pattern = re.compile(r"(?<![\w.-])(?:evidence |\()((?:[a-z]+-[a-z0-9-]+)(?:, [a-z]+-[a-z0-9-]+)*)\)?")
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                for said in pattern.findall(ast.get_docstring(node) or ""):
                    for name in said.split(", "):
                        if re.fullmatch(r"[siwngtb]-[a-z0-9-]+", name):
                            assert name in known, f"{dotted(path)}: {name}"
