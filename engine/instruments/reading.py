"""Reading of an instrument's file, with every fault of it reported together in plain sentences.

Scores nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from engine.domain.errors import StacError
from engine.domain.file_faults import why_not
from engine.instruments.model import Instrument

SHIPPED = Path(__file__).parent / "data" / "questionnaires"
_MOST_BYTES = 2_000_000


class InstrumentFaultsError(StacError):
    """One or more instrument files are faulty; every fault of every one is reported."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def read_instrument(file: Path) -> Instrument:
    """Return the instrument in a file, which bears its id as its name.

    Raises InstrumentFaultsError with one sentence for each fault; each begins with the file's name.
    """
    name = file.name
    try:
        with file.open("rb") as opened:
            raw = opened.read(_MOST_BYTES + 1)
        if len(raw) > _MOST_BYTES:
            raise InstrumentFaultsError([f"{name} is larger than {_MOST_BYTES // 1_000_000} MB"])
        instrument = _instrument(raw.decode("utf-8"))
    except FileNotFoundError:
        raise InstrumentFaultsError([f"{name} is not there"]) from None
    except OSError as error:
        raise InstrumentFaultsError([f"{name} could not be opened ({why_not(error)})"]) from None
    except UnicodeDecodeError:
        raise InstrumentFaultsError([f"{name} is not UTF-8 text"]) from None
    except tomllib.TOMLDecodeError as error:
        raise InstrumentFaultsError([f"{name} is not TOML: {error}"]) from None
    except RecursionError:
        raise InstrumentFaultsError([f"{name} is nested too deeply"]) from None
    except ValidationError as error:
        raise InstrumentFaultsError(_sentences(name, error)) from None
    if instrument.id != file.stem:
        raise InstrumentFaultsError([f"{name} has id '{instrument.id}'; it must be '{file.stem}'"])
    return instrument


@lru_cache(maxsize=200)
def _instrument(written: str) -> Instrument:
    """Return the instrument of this text: a process that opens many records reads the same files."""
    return Instrument.model_validate(tomllib.loads(written))


def read_folder(folder: Path) -> dict[str, Instrument]:
    """Return every instrument in a folder, by id. A folder that is not there holds none.

    Raises InstrumentFaultsError with the faults of all its files.
    """
    found: dict[str, Instrument] = {}
    faults: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            found[file.stem] = read_instrument(file)
        except InstrumentFaultsError as error:
            faults += error.faults
    faults += [
        f"{name}.toml: scorer: only an agency's own instrument may name a function"
        for name, instrument in found.items()
        if instrument.scorer is not None
    ]
    if faults:
        raise InstrumentFaultsError(faults)
    return found


@cache
def shipped_instruments() -> Mapping[str, Instrument]:
    """Return the instruments that come with the engine, by id."""
    return MappingProxyType(read_folder(SHIPPED))


def _sentences(name: str, error: ValidationError) -> list[str]:
    return [_sentence(name, fault["loc"], fault["type"], fault["msg"]) for fault in error.errors()]


def _sentence(name: str, where: tuple[int | str, ...], kind: str, sentence: str) -> str:
    place = ".".join(str(step + 1) if isinstance(step, int) else step[:40] for step in where)
    match kind:
        case "missing":
            said = "is missing"
        case "extra_forbidden":
            said = "is not part of an instrument; leave it out"
        case _:
            said = sentence.removeprefix("Value error, ")
            return f"{name}: {place}: {said}" if place else f"{name}: {said}"
    return f"{name}: {place} {said}"
