"""The agencies that are installed, and the one door through which each is asked. Knows none by name.

An agency's fault never raises here: it becomes ``Failed``, which can never look like a nil return.
"""

from __future__ import annotations

import os
import shutil
import sys
import weakref
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from types import TracebackType

import engine
from engine.domain.answers import Contribution, Failed, FailureReason, NilReturn, Refused
from engine.domain.asking import CaseAsked
from engine.domain.errors import NotFoundError, PluginError, SetupError
from engine.domain.invented import InventedExtractTask
from engine.hooks.discovery import Announced, announced_agencies
from engine.hooks.extracts import Extract
from engine.hooks.isolation import AgencyProcess
from engine.hooks.launching import START_SECONDS, CallFailedError, Launch
from engine.hooks.manifest import (
    Manifest,
    ManifestFaultsError,
    cut_to,
    must_be_released_by_hand,
    read_manifest,
    shown_fields,
)
from engine.hooks.records import AgencyRecords, RecordsUnreadableError
from engine.hooks.verdicts import answer_or_failure, failed, failure_told
from engine.hooks.wire import FAULT, AssessRequest, WriteRequest

__all__ = [
    "Agencies",
    "Manifest",
    "agencies_folder",
    "cut_to",
    "load_agencies",
    "must_be_released_by_hand",
]

_WRITING_SECONDS = 300.0
_WRITING_MEMORY_MB = 4096
_PASSED_ON = ("PATH", "LANG")


def agencies_folder(home: Path, code: str) -> Path:
    """Where an agency's own records lie."""
    return home / "agencies" / code


def load_agencies(
    home: Path,
    *,
    suspended: Collection[str] = (),
    python: str = sys.executable,
    extra: Mapping[str, Path] | None = None,
    environment: Mapping[str, str] | None = None,
    start_seconds: float = START_SECONDS,
) -> Agencies:
    """Read the manifest of every installed agency; no plugin is imported and no process started.

    ``suspended`` agencies are kept and never asked. ``extra`` adds agencies by code and package folder.
    ``environment`` is where PATH, LANG and the variables that an agency's operator names are taken from.
    ``start_seconds`` is how long a plugin may take to be loaded.

    Raises ManifestFaultsError with every fault of every agency that is not suspended.
    """
    announced, found_faults = announced_agencies(extra or {})
    faults: list[PluginError] = [fault for fault in found_faults if fault.agency not in suspended]
    manifests: dict[str, tuple[Manifest, Announced]] = {}
    for code, place in announced.items():
        try:
            manifests[code] = (read_manifest(place.folder, agency=code), place)
        except ManifestFaultsError as error:
            faults += [] if code in suspended else error.faults
    if faults:
        raise ManifestFaultsError(tuple(faults))
    return Agencies(
        home=home,
        installed=manifests,
        suspended=suspended,
        python=python,
        environment=environment or {},
        start_seconds=start_seconds,
    )


class Agencies:
    """The installed agencies. Safe to use from several threads; calls to one agency take turns.

    Close it, or use it as a context manager: then no agency's process is left.
    """

    def __init__(
        self,
        *,
        home: Path,
        installed: Mapping[str, tuple[Manifest, Announced]],
        suspended: Collection[str],
        python: str,
        environment: Mapping[str, str],
        start_seconds: float,
    ) -> None:
        self._installed = {code: installed[code] for code in sorted(installed)}
        self._suspended = frozenset(suspended)
        self._python, self._environment, self._start_seconds = python, dict(environment), start_seconds
        self._extracts = {code: Extract(agencies_folder(home, code)) for code in self._installed}
        self._processes: dict[str, AgencyProcess] = {}
        self._closed = False
        weakref.finalize(self, _end_all, self._processes)

    def __enter__(self) -> Agencies:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def codes(self) -> tuple[str, ...]:
        """Every installed agency, suspended ones too, in the order of the alphabet."""
        return tuple(self._installed)

    def manifest(self, code: str) -> Manifest:
        """What the agency says of itself."""
        return self._known(code)[0]

    def version(self, code: str) -> str:
        """The plugin's version, to be kept with each of its answers."""
        return self.manifest(code).version

    def is_suspended(self, code: str) -> bool:
        """Whether the operator has suspended it."""
        return code in self._suspended

    def was_shown(self, code: str) -> tuple[str, ...]:
        """What of a case the agency is shown."""
        return shown_fields(self.manifest(code))

    def records(self, code: str) -> AgencyRecords:
        """Where its records lie, with the extract's digest and date. Raises RecordsUnreadableError."""
        self._known(code)
        return self._extracts[code].records()

    def process_number(self, code: str) -> int | None:
        """The number of the agency's process, or None while none runs."""
        process = self._processes.get(code)
        return process.pid if process else None

    def assess(self, code: str, case: CaseAsked) -> Contribution | NilReturn | Refused | Failed:
        """Put a case to one agency, cut to what its manifest declares.

        An agency's fault is a ``Failed`` with a sentence, and its process is replaced. Raises NotFoundError
        for a code that is not installed.
        """
        manifest, _ = self._known(code)
        if code in self._suspended:
            return failed(code, FailureReason.SUSPENDED, "the plugin is suspended and was not asked")
        cut = cut_to(manifest, case)
        most_bytes = int(manifest.limits.answer_mb * 1_000_000)
        try:
            records = self._extracts[code].records()
            process = self._process(code, records)
            request = AssessRequest(
                case=cut, records=records, seconds=manifest.limits.seconds, most_bytes=most_bytes
            )
            told = process.ask(
                request.model_dump_json().encode(), seconds=manifest.limits.seconds, most_bytes=most_bytes + 1
            )
        except CallFailedError as error:
            return _failure(manifest, error)
        except RecordsUnreadableError as error:
            return _unreadable(manifest, error)
        except OSError as error:
            return _no_folder(manifest, error)
        answer = answer_or_failure(manifest, cut, told)
        if isinstance(answer, Failed):
            process.end()
        return answer

    def faults(self) -> tuple[Failed, ...]:
        """Start every agency that is not suspended and tell what keeps any of them from being asked."""
        found = []
        for code, (manifest, _) in self._installed.items():
            if code in self._suspended:
                continue
            try:
                self._process(code, self._extracts[code].records()).start()
            except CallFailedError as error:
                found.append(_failure(manifest, error))
            except RecordsUnreadableError as error:
                found.append(_unreadable(manifest, error))
            except OSError as error:
                found.append(_no_folder(manifest, error))
        return tuple(found)

    def write_synthetic(self, code: str, task: InventedExtractTask) -> Failed | None:
        """Have the agency write an invented extract of its own, dated ``task.on``; None when it is written.

        It is written aside and put in place when whole. An agency whose manifest names no function for it
        keeps what it has.
        """
        manifest, _ = self._known(code)
        if manifest.synthetic is None:
            return None
        extract = self._extracts[code]
        try:
            aside = extract.make_aside()
        except OSError as error:
            return _no_folder(manifest, error)
        process = AgencyProcess(self._launch(code, (), memory_mb=_WRITING_MEMORY_MB))
        try:
            request = WriteRequest(
                function=manifest.synthetic, task=task, folder=aside.resolve(), seconds=_WRITING_SECONDS
            )
            told = process.ask(
                request.model_dump_json().encode(), seconds=_WRITING_SECONDS, most_bytes=65_536
            )
            if told[:1] == FAULT:
                return failure_told(manifest, told)
            written_at = datetime.combine(task.on, time(12), tzinfo=UTC).timestamp()
            for file in sorted(aside.iterdir()):
                os.utime(file, (written_at, written_at))
                file.replace(extract.folder / file.name)
        except CallFailedError as error:
            return _failure(manifest, error)
        except OSError as error:
            return _no_folder(manifest, error)
        finally:
            process.close()
            shutil.rmtree(aside, ignore_errors=True)
        return None

    def close(self) -> None:
        """End every agency's process, after the call that it is making."""
        self._closed = True
        _end_all(self._processes)

    def _known(self, code: str) -> tuple[Manifest, Announced]:
        if code not in self._installed:
            raise NotFoundError("agency", code, instead=f"installed are {', '.join(self.codes) or 'none'}")
        return self._installed[code]

    def _process(self, code: str, records: AgencyRecords) -> AgencyProcess:
        if self._closed:
            raise SetupError("the agencies were closed; load them again")
        self._extracts[code].make()
        process = self._processes.get(code)
        if process is None:
            named = self._extracts[code].environment_named(records)
            launch = self._launch(code, named, memory_mb=self.manifest(code).limits.memory_mb)
            process = self._processes.setdefault(code, AgencyProcess(launch))
        return process

    def _launch(self, code: str, named: Collection[str], *, memory_mb: int) -> Launch:
        place = self._installed[code][1]
        engine_root = Path(engine.__path__[0]).resolve().parent
        wanted = {*_PASSED_ON, *named}
        return Launch(
            python=self._python,
            package=place.package,
            import_roots=tuple(dict.fromkeys((engine_root, place.import_root))),
            folder=self._extracts[code].folder,
            environment={name: value for name, value in self._environment.items() if name in wanted},
            memory_mb=memory_mb,
            start_seconds=self._start_seconds,
        )


def _failure(manifest: Manifest, error: CallFailedError) -> Failed:
    if error.told is not None:
        return failure_told(manifest, error.told)
    return failed(manifest.code, error.reason, error.says)


def _unreadable(manifest: Manifest, error: RecordsUnreadableError) -> Failed:
    says = f"its records could not be read: {error.sentence}"
    return failed(manifest.code, FailureReason.BAD_RECORDS, says)


def _no_folder(manifest: Manifest, error: OSError) -> Failed:
    says = f"its folder could not be made or written ({type(error).__name__})"
    return failed(manifest.code, FailureReason.NOT_RUNNING, says)


def _end_all(processes: Mapping[str, AgencyProcess]) -> None:
    for process in tuple(processes.values()):
        process.close()
