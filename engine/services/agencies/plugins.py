"""For an agency's developer: begin a plugin and check it. Opens no record.

Everything runs on invented people, in a folder that is deleted afterwards.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.clock import Clock
from engine.domain.base import Frozen, Sentence
from engine.domain.file_faults import why_not
from engine.hooks.conformance.candidate import candidate
from engine.hooks.conformance.last_check import LevelKnown, last_level, store_level
from engine.hooks.conformance.levels import Level, Report, Standing, definitions
from engine.hooks.conformance.runs import save_run, store_run
from engine.hooks.conformance.suite import check_plugin
from engine.hooks.discovery import agencies_in
from engine.hooks.new_plugin import NewPlugin, write_plugin
from engine.hooks.registry import agencies_folder

__all__ = [
    "Level",
    "LevelKnown",
    "NewPlugin",
    "PluginChecked",
    "Report",
    "Standing",
    "check",
    "definitions",
    "last_level",
    "new",
]


def new(*, code: str, name: str | None, out: Path) -> NewPlugin:
    """Write a new plugin's package into ``out``; nothing is left half-written.

    Raises InvalidInputError for a malformed code, and for a folder that exists already.
    """
    return write_plugin(code, name=name, out=out)


class PluginChecked(Frozen):
    """A report, and whether an installed agency's level was stored for the agencies page."""

    report: Report
    errors: tuple[str, ...] = ()
    """The plugin's own errors whole: all people about whom it was asked are invented."""
    level: LevelKnown | None = None
    not_kept: Sentence | None = None


def check(
    *, clock: Clock, plugin: str, home: Path, save: Path | None = None, records: Path | None = None
) -> PluginChecked:
    """Check a plugin by its path or by an installed agency's code, and store the level of an installed one.

    Level and answers are stored only when ``home`` exists. ``save`` is a file for the answers, to replay
    against later. ``records`` is the folder of an agency's own workbook; of an installed one, its folder in
    the home. Raises InvalidInputError when no plugin is meant.
    """
    with work_folder() as work:
        found = candidate(plugin, work=work, extra=agencies_in(home))
        own = records or (agencies_folder(home, found.code) if found.installed else None)
        checked = check_plugin(found, on=clock.today(), work=work / "check", records=own)
    if save is not None and checked.run is not None:
        save_run(checked.run, save)
    if not (found.installed and home.is_dir()):
        return PluginChecked(report=checked.report, errors=checked.errors)
    try:
        if checked.run is not None:
            store_run(home, checked.run)
        level_known = store_level(home, checked.report)
        return PluginChecked(report=checked.report, errors=checked.errors, level=level_known)
    except OSError as error:
        not_kept = f"The level could not be saved in the home folder ({why_not(error)})."
        return PluginChecked(report=checked.report, errors=checked.errors, not_kept=not_kept)


@contextmanager
def work_folder() -> Iterator[Path]:
    """Yield a folder that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="stac-plugin-") as folder:
        yield Path(folder)
