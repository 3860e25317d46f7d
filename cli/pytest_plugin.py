"""The conformance suite for pytest: one test for each check, when a plugin is named. Decides nothing.

``pytest --stac-plugin PATH``, or ``stac_plugin = "."`` under ``[tool.pytest.ini_options]``. It is loaded into
every run of pytest beside which the engine is installed, so it imports nothing of the engine until it is
asked for.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from engine.services.agencies.plugins import Report

LEVELS = ("bronze", "silver", "gold")
_LEVEL = "bronze"
_SUITE = "stac-plugin"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add two options, and the same two in a project's settings."""
    group = parser.getgroup("stac", "conformance of an agency's plugin")
    group.addoption(
        "--stac-plugin", metavar="PATH|NAME", help="check this plugin: a folder, a wheel, or an agency's code"
    )
    group.addoption("--stac-level", choices=LEVELS, help="the level whose checks must pass (default: bronze)")
    parser.addini("stac_plugin", "the plugin to check: a path from the settings' folder, or an agency's code")
    parser.addini("stac_level", "the level whose checks must pass: bronze, silver or gold", default=_LEVEL)


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the checks behind the tests that were asked for; none when no plugin is named."""
    plugin = _plugin(config)
    if plugin is None or (config.args_source is pytest.Config.ArgsSource.ARGS and not _asked(config)):
        return
    level = config.getoption("--stac-level") or config.getini("stac_level")
    if level not in LEVELS:
        raise pytest.UsageError(f"stac_level is {level}; choose one of {', '.join(LEVELS)}")
    suite = Suite.from_parent(session, name=_SUITE, nodeid=_SUITE, plugin=plugin, level=level)
    items.extend(suite.collect())


def _asked(config: pytest.Config) -> bool:
    """Return whether the suite itself was asked for, and not only one of the project's own files."""
    return bool(config.getoption("--stac-plugin"))


def _plugin(config: pytest.Config) -> str | None:
    given = config.getoption("--stac-plugin")
    if given:
        return str(given)
    named = config.getini("stac_plugin")
    if not named:
        return None
    beside = config.rootpath / str(named)
    return str(beside) if beside.exists() else str(named)


class Suite(pytest.Collector):
    """The checks of one plugin. The plugin is asked once, when the first check is read."""

    def __init__(self, *, plugin: str, level: str, **how: object) -> None:
        super().__init__(**how)  # type: ignore[arg-type]  # pytest's own: name and parent
        self.plugin, self.level = plugin, level
        self._report: Report | None = None

    def collect(self) -> list[pytest.Item]:
        """Return one item for each check that is defined."""
        from engine.services.agencies.plugins import (
            definitions,  # only now: a run that checks no plugin loads nothing
        )

        return [
            Check.from_parent(
                self, name=check.code, title=check.title, level=check.level.value, mend=check.mend
            )
            for check in definitions().check
        ]

    def report(self) -> Report:
        """Return the result of the plugin's check."""
        if self._report is None:
            from engine.clock import SystemClock
            from engine.services.agencies.plugins import check

            with tempfile.TemporaryDirectory() as nowhere:  # a test stores no level in any home
                checked = check(clock=SystemClock(), plugin=self.plugin, home=Path(nowhere) / "none")
            self._report = checked.report
        return self._report


class CheckFailedError(Exception):
    """A check of the suite did not pass; reported in the suite's own sentences."""


class Check(pytest.Item):
    """One check of the suite."""

    parent: Suite

    def __init__(self, *, title: str, level: str, mend: str, **how: object) -> None:
        super().__init__(**how)  # type: ignore[arg-type]  # pytest's own: name and parent
        self.title, self.level, self.mend = title, level, mend

    def runtest(self) -> None:
        """Fail when a check of the wanted level failed; skip what was not made or is not yet wanted."""
        result = next(each for each in self.parent.report().results if each.check == self.name)
        standing, sentence = result.standing.value, " ".join(result.says)
        if standing in ("does not apply", "not checked on this machine"):
            pytest.skip(f"{standing}: {sentence}")
        if standing == "passed":
            return
        if LEVELS.index(self.level) > LEVELS.index(self.parent.level):
            pytest.skip(f"{self.level} needs it, {self.parent.level} does not: {sentence}")
        raise CheckFailedError(f"{self.title}: {standing}. {sentence}\nTo fix: {self.mend}.")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """Return the sentences, without our own stack."""
        if isinstance(excinfo.value, CheckFailedError):
            return str(excinfo.value)
        return str(excinfo.getrepr(style="short"))

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return its place in the run's output."""
        return self.path, None, f"{self.level}: {self.title}"
