"""The instruments that can be used here: the engine's and the agencies'. Needs no record, stores nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from engine.domain.base import Code, Frozen
from engine.domain.errors import InvalidInputError
from engine.hooks.registry import Agencies
from engine.instruments.model import Instrument
from engine.instruments.reading import InstrumentFaultsError, read_folder, shipped_instruments

InstalledAgencies: TypeAlias = Agencies
"""The name for commands, which do not import ``engine.hooks``."""


class InstrumentKnown(Frozen):
    """An instrument and whose it is: an agency's, this STAC's own, or the engine's."""

    instrument: Instrument
    agency: Code | None = None
    is_local: bool = False

    @property
    def whose(self) -> str:
        """The owner as a list names it."""
        return self.agency or ("this STAC" if self.is_local else "engine")


def instruments_folder(home: Path) -> Path:
    """Return the folder of a STAC's own instruments and thresholds, one TOML file each."""
    return home / "instruments"


def list_instruments(*, agencies: Agencies, home: Path) -> tuple[InstrumentKnown, ...]:
    """Return every instrument that can be used here, the engine's first; from files only.

    Raises InstrumentFaultsError when a file of this STAC's own is faulty.
    """
    return (
        *_ours(home).values(),
        *(
            InstrumentKnown(instrument=each, agency=code)
            for code in agencies.codes
            for each in agencies.manifest(code).own_instruments
        ),
    )


def find_instrument(*, agencies: Callable[[], Agencies], home: Path, name: str) -> InstrumentKnown:
    """Return the instrument of that name, or of ``agency/name``; load agencies only for one of theirs.

    Raises InvalidInputError for a name that is unknown, or that two agencies use.
    """
    ours = _ours(home)
    if name in ours:
        return ours[name]
    known = list_instruments(agencies=agencies(), home=home)
    found = [each for each in known if name in (each.instrument.id, f"{each.whose}/{each.instrument.id}")]
    if len(found) > 1:
        theirs = " or ".join(f"{each.whose}/{each.instrument.id}" for each in found)
        raise InvalidInputError("NAME", f"two agencies have an instrument of this name; write {theirs}")
    if not found:
        offered = ", ".join(each.instrument.id for each in known)
        raise InvalidInputError("NAME", f"no instrument has this name; choose one of: {offered}")
    return found[0]


def _ours(home: Path) -> dict[str, InstrumentKnown]:
    """Return the engine's instruments; this STAC's own version of one replaces it."""
    shipped = shipped_instruments()
    local = read_folder(instruments_folder(home))
    alike = [name for name in local if name in shipped and local[name].version == shipped[name].version]
    if alike:
        raise InstrumentFaultsError(
            f"{name}.toml: version: this is the engine's own version; give your change its own version"
            for name in alike
        )
    return {
        **{name: InstrumentKnown(instrument=each) for name, each in shipped.items()},
        **{name: InstrumentKnown(instrument=each, is_local=True) for name, each in local.items()},
    }
