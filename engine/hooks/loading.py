"""Loading one plugin in its own process, and everything that is wrong with its hooks reported together.

Runs in the agency's process only. Knows the questions of the contract, and puts none.
"""

from __future__ import annotations

import importlib
import inspect
from traceback import TracebackException
from types import ModuleType

import pluggy

from engine.hooks.markers import PROJECT
from engine.hooks.records import plain_name
from engine.hooks.specs import ALL_SPECS
from engine.hooks.wire import Fault, FaultKind

_MARK = f"{PROJECT}_impl"
_LONGEST_TRACEBACK = 20_000
_NOT_ITS_OWN = (
    "engine/hooks/plugin_calls.py",
    "engine/hooks/loading.py",
    "pluggy/_hooks.py",
    "pluggy/_manager.py",
    "pluggy/_callers.py",
    "importlib/__init__.py",
)
"""Files whose frames are in every traceback and say nothing of the plugin."""


class FaultFoundError(Exception):
    """A fault that the engine is to receive."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(faults[0].kind.value)


def load_plugin(package: str) -> pluggy.PluginManager:
    """Return the plugin, registered and checked; every fault of it is reported together.

    Without a package it has no hook.
    """
    manager = pluggy.PluginManager(PROJECT)
    for specs in ALL_SPECS:
        manager.add_hookspecs(specs)
    if not package:
        return manager
    try:
        hooks = importlib.import_module(f"{package}.hooks")
    except BaseException as error:  # noqa: BLE001  the plugin's own code runs at import and may raise anything
        raise FaultFoundError(
            Fault(kind=FaultKind.NOT_LOADED, names=(name_of(error),), traceback=traceback_of(error))
        ) from None
    faults = _faults_of_hooks(hooks, manager)
    if faults:
        raise FaultFoundError(*faults)
    try:
        manager.register(hooks, name=package)
        manager.check_pending()
    except pluggy.PluginValidationError:
        raise FaultFoundError(Fault(kind=FaultKind.UNKNOWN_HOOK)) from None
    return manager


def _faults_of_hooks(hooks: ModuleType, manager: pluggy.PluginManager) -> list[Fault]:
    """Return what pluggy would report one at a time, or not at all:
    a function that lacks its mark is skipped.
    """
    specs = {
        name: function for group in ALL_SPECS for name, function in vars(group).items() if name[:5] == "stac_"
    }
    faults, found = [], 0
    for name, function in sorted(vars(hooks).items()):
        options = getattr(function, _MARK, None) if inspect.isfunction(function) else None
        if options is None:
            if inspect.isfunction(function) and name.startswith("stac_"):
                faults.append(Fault(kind=FaultKind.NOT_MARKED, where=plain_name(name)))
            continue
        answers_to = options.get("specname") or name
        if answers_to not in specs:
            faults.append(
                Fault(kind=FaultKind.UNKNOWN_HOOK, where=plain_name(answers_to), names=tuple(sorted(specs)))
            )
            continue
        found += 1
        known = set(inspect.signature(specs[answers_to]).parameters) - {"self"}
        extra = [argument for argument in inspect.signature(function).parameters if argument not in known]
        if extra:
            names = tuple(plain_name(argument) for argument in extra)
            faults.append(Fault(kind=FaultKind.WRONG_ARGUMENTS, where=answers_to, names=names))
    if not found and not faults:
        faults.append(Fault(kind=FaultKind.NO_HOOK, names=tuple(sorted(specs))))
    return faults


def traceback_of(error: BaseException) -> str:
    """Return the error whole, from the plugin's own code on; it may contain a record's content."""
    traceback_exception = TracebackException.from_exception(error)
    traceback_exception.stack[:] = [
        frame for frame in traceback_exception.stack if not frame.filename.endswith(_NOT_ITS_OWN)
    ]
    return "".join(traceback_exception.format())[-_LONGEST_TRACEBACK:]


def name_of(error: BaseException) -> str:
    """Return the error's type; never its text, which may hold a name."""
    return plain_name(type(error).__name__)
