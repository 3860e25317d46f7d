"""The instruments that an agency's manifest names: the engine's by id, its own by a file of its package.

Reads files and imports nothing of the plugin. Scores nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator

from engine.instruments.model import Instrument
from engine.instruments.reading import InstrumentFaultsError, read_instrument, shipped_instruments

ENDING = ".toml"
_NAMED = re.compile(r"(?:[a-z][a-z0-9\-]{1,39}|(?:[A-Za-z0-9_\-]+/)*[a-z][a-z0-9\-]{1,39}\.toml)")


def _is_named(text: str) -> str:
    if not _NAMED.fullmatch(text):
        raise ValueError("name one of the engine's instruments, or a file of the package such as ours.toml")
    return text


InstrumentNamed = Annotated[str, AfterValidator(_is_named)]
"""``stalking-topics`` is one of the engine's; ``ours.toml`` or ``forms/ours.toml`` is in the package."""


def id_of(named: str) -> str:
    """Return the instrument's id; a file bears it as its name."""
    return PurePosixPath(named).name.removesuffix(ENDING)


def own_instruments(folder: Path, named: Iterable[str]) -> tuple[Instrument, ...]:
    """Return the instruments of a package's own files, in the manifest's order.

    Raises InstrumentFaultsError with every fault of every one.
    """
    found, faults = [], []
    for name in named:
        if not name.endswith(ENDING):
            if name not in shipped_instruments():
                offered = ", ".join(sorted(shipped_instruments()))
                faults.append(
                    f"instruments: '{name}' is not an instrument of the engine ({offered}); name a file of "
                    f"the package, such as {name}{ENDING}"
                )
            continue
        try:
            instrument = read_instrument(folder / name)
        except InstrumentFaultsError as error:
            faults += error.faults
            continue
        faults += _faults_in_package(folder, instrument)
        found.append(instrument)
    if faults:
        raise InstrumentFaultsError(faults)
    return tuple(found)


def _faults_in_package(folder: Path, instrument: Instrument) -> Iterator[str]:
    file = f"{instrument.id}{ENDING}"
    if instrument.id in shipped_instruments():
        yield f"{file}: id: the engine has an instrument of that name; take another"
    if instrument.scorer is not None and not _is_of_package(folder, instrument.scorer.partition(":")[0]):
        yield f"{file}: scorer: names no module of this package; write package.module:function"


def _is_of_package(folder: Path, module: str) -> bool:
    """Return whether a dotted module is in this folder, whatever package the folder is a part of."""
    parts, places = tuple(module.split(".")), folder.resolve().parts
    for depth in range(1, min(len(parts), len(places))):
        if parts[:depth] == places[-depth:]:
            within = folder.joinpath(*parts[depth:])
            if within.with_suffix(".py").is_file() or (within / "__init__.py").is_file():
                return True
    return False
