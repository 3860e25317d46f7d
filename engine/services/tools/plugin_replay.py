"""For an agency's developer: compare two versions of a plugin. Opens no record.

Everything runs on invented people, in a folder that is deleted afterwards.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from engine.hooks.conformance.candidate import candidate
from engine.hooks.conformance.runs import run_of, save_run
from engine.hooks.discovery import agencies_in
from engine.services.agencies.plugins import work_folder
from engine.tools.plugin_replay import Difference, difference, read_run

DifferenceFound: TypeAlias = Difference
"""The name for the command, which does not import ``engine.tools``."""


def replay(*, plugin: str, against: str | None, home: Path, save: Path | None = None) -> Difference | None:
    """Compare two versions of a plugin by case, finding and domain; None when only saved.

    ``against`` is a saved run, another plugin's folder, project or wheel, or the version of an installed
    plugin that was saved before. Raises InvalidInputError.
    """
    with work_folder() as work:
        found = candidate(plugin, work=work, extra=agencies_in(home))
        now = run_of(found, work=work / "now")
        if save is not None:
            save_run(now, save)
        if against is None:
            return None
        return difference(read_run(against, code=found.code, home=home, work=work), now)
