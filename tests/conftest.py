"""Solara makes a folder for itself when it is imported: let that be no folder of the user's."""

import os
import tempfile

os.environ.setdefault("SOLARA_HOME", os.path.join(tempfile.gettempdir(), "migsim-tests-solara"))
