"""Every notebook runs from top to bottom, opens with what one learns, and narrates what the package does."""

from __future__ import annotations

import ast
import re
from functools import partial
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WITHOUT_WIDGETS = "import sys\nsys.modules['ipywidgets'] = None"
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_notebooks():
    assert [notebook.name for notebook in NOTEBOOKS] == [
        "01_first_forum.ipynb",
        "02_how_texts_are_made.ipynb",
        "03_regimes.ipynb",
        "04_what_matters.ipynb",
        "05_your_own_forum.ipynb",
    ]


def executed(notebook, folder):
    """The same notebook with its outputs, run in a folder of its own, by a client that waits in one thread.

    nbclient waits in an event loop, which at times does not hear the kernel before the cell's time runs out.
    """
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder))
    try:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
                hear = partial(keep_output, cell.outputs)
                reply = client.execute_interactive(cell.source, timeout=300, output_hook=hear)
                assert reply["content"]["status"] == "ok", "\n".join(reply["content"]["traceback"])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return notebook


def keep_output(outputs, message):
    if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
        outputs.append(nbformat.v4.output_from_msg(message))


def outputs_of(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@every_notebook
def test_a_notebook_runs(path, tmp_path):
    outputs = outputs_of(executed(nbformat.read(path, as_version=4), tmp_path))
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) >= 4
    controls = [
        output for output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    ]
    assert controls
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]


def test_without_ipywidgets_a_notebook_says_so_and_draws(tmp_path):
    """One that takes seconds: its first part, up to the first thing to pick."""
    notebook = nbformat.read(ROOT / "notebooks" / "02_how_texts_are_made.ipynb", as_version=4)
    (first, *_) = [n for n, cell in enumerate(notebook.cells) if cell.source.startswith("pick(")]
    notebook.cells = [nbformat.v4.new_code_cell(WITHOUT_WIDGETS), *notebook.cells[: first + 1]]
    outputs = executed(notebook, tmp_path).cells[-1].outputs
    assert "ipywidgets is not installed" in outputs[0].text
    assert "tolerance 0.15" in outputs[0].text
    assert "image/png" in outputs[1].data
    assert len(outputs) == 2


@every_notebook
def test_a_notebook_is_kept_without_its_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    assert not any("widgets" in name for name in notebook.metadata)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@every_notebook
def test_a_notebook_opens_with_what_one_learns_and_ends_with_what_one_may_not_conclude(path):
    cells = nbformat.read(path, as_version=4).cells
    opening, closing = cells[0], cells[-1]
    assert opening.cell_type == closing.cell_type == "markdown"
    assert opening.source.startswith("# ")
    learned = re.findall(r"^- .+$", opening.source, re.M)
    assert 4 <= len(learned) <= 7
    assert all("**" in line or "published" in line for line in learned)
    assert "takes about a minute" in opening.source
    assert "## What you may not conclude" in closing.source
    assert "\nNext: " in closing.source
    for name in re.findall(r"`(\d\d_\w+\.ipynb)`", closing.source):
        assert (ROOT / "notebooks" / name).is_file()
    for name in re.findall(r"`(docs/\w+\.md)`", closing.source):
        assert (ROOT / name).is_file()


@every_notebook
def test_a_notebook_holds_no_model(path):
    """The only classes are behaviours of the reader's own, and what is long only draws."""
    cells = nbformat.read(path, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code" and not cell.source.startswith("%%")]
    for node in [node for source in code for node in ast.parse(source).body]:
        if isinstance(node, ast.ClassDef):
            assert [ast.unparse(base) for base in node.bases] == ["ms.Behaviour"]
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 20:
            assert node.name.startswith("draw_")


def test_the_forum_of_ones_own_is_twenty_lines_and_uses_every_hook():
    import migsim as ms

    cells = nbformat.read(NOTEBOOKS[-1], as_version=4).cells
    (written,) = [cell.source for cell in cells if cell.source.startswith("%%writefile")]
    assert len(written.splitlines()) - 1 <= 20
    hooks = {hook for hook in vars(ms.Behaviour) if not hook.startswith("_")}
    classes = [cell.source for cell in cells if "(ms.Behaviour)" in cell.source]
    assert hooks == set(re.findall(r"def (\w+)\(self", "".join(classes)))
