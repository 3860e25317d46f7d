"""Plugin that is meant: an installed one, a folder, a project, or a wheel. Imports nothing of it."""

from __future__ import annotations

import configparser
import hashlib
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import why_not
from engine.hooks.discovery import GROUP, Announced, announced_agencies, announced_at
from engine.hooks.manifest import MANIFEST_FILE

_PROJECT = "pyproject.toml"
_MOST_WHEEL_BYTES = 200_000_000
_NOT_ITS_OWN = ("__pycache__",)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A plugin to be checked."""

    announced: Announced
    installed: bool

    @property
    def code(self) -> str:
        """The agency's code, as it was announced."""
        return self.announced.code

    def digest(self) -> str:
        """Return the digest of all its own files by name and content: it changes when any of them does.

        Raises InvalidInputError.
        """
        digest = hashlib.sha256()
        try:
            for file in self.files():
                name = file.relative_to(self.announced.folder).as_posix()
                digest.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
        except OSError as error:
            raise InvalidInputError("plugin", f"one of its files cannot be read ({why_not(error)})") from None
        return digest.hexdigest()

    def files(self) -> Iterator[Path]:
        """Yield its own files, in the order of their names."""
        for file in sorted(self.announced.folder.rglob("*")):
            parts = file.relative_to(self.announced.folder).parts
            if file.is_file() and not any(part in _NOT_ITS_OWN or part.startswith(".") for part in parts):
                yield file


def candidate(given: str, *, work: Path, extra: Mapping[str, Path] | None = None) -> Candidate:
    """Return the plugin that is meant by a path or by an installed agency's code.

    A path is a package with ``agency.toml``, a project with ``pyproject.toml``, or a wheel, which is unpacked
    below ``work``. ``extra`` are agencies that are installed as folders. Raises InvalidInputError.
    """
    place = Path(given)
    announced, _ = announced_agencies(extra or {})
    if given in announced:
        return Candidate(announced=announced[given], installed=True)
    for each in announced.values():
        if each.folder == place.resolve():
            return Candidate(announced=each, installed=True)
    if place.suffix == ".whl" and place.is_file():
        return Candidate(announced=_in_wheel(place, work), installed=False)
    if (place / MANIFEST_FILE).is_file():
        return Candidate(announced=announced_at(place), installed=False)
    if (place / _PROJECT).is_file():
        return Candidate(announced=_in_project(place), installed=False)
    raise InvalidInputError(
        "plugin",
        f"no installed agency and no folder with {MANIFEST_FILE} or {_PROJECT} has this name; "
        "give an agency's code, as 'stac agency list' lists it, or the plugin's folder",
    )


def _in_project(project: Path) -> Announced:
    try:
        read = tomllib.loads((project / _PROJECT).read_text(encoding="utf-8"))
        entries = read["project"]["entry-points"][GROUP]
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise InvalidInputError("plugin", f"{_PROJECT} is not TOML") from None
    except (KeyError, TypeError):
        raise InvalidInputError("plugin", f"{_PROJECT} announces no agency; {_ENTRY}") from None
    return _announced(entries, (project / "src", project))


def _in_wheel(wheel: Path, work: Path) -> Announced:
    unpacked = work / "wheel" / hashlib.sha256(str(wheel.absolute()).encode()).hexdigest()[:12]
    try:
        with zipfile.ZipFile(wheel) as opened:
            if sum(each.file_size for each in opened.infolist()) > _MOST_WHEEL_BYTES:
                raise InvalidInputError("plugin", "the wheel is larger than 200 MB unpacked")
            opened.extractall(unpacked)
            names = [name for name in opened.namelist() if name.endswith(".dist-info/entry_points.txt")]
            config_parser = configparser.ConfigParser(delimiters="=", interpolation=None)
            for name in names:
                config_parser.read_string(opened.read(name).decode())
    except (zipfile.BadZipFile, configparser.Error, UnicodeDecodeError):
        raise InvalidInputError("plugin", "this file is not a readable wheel") from None
    if not config_parser.has_section(GROUP):
        raise InvalidInputError("plugin", f"the wheel announces no agency; {_ENTRY}")
    return _announced(dict(config_parser[GROUP]), (unpacked,))


_ENTRY = f'it needs [project.entry-points."{GROUP}"] with a line such as housing = "stac_housing"'


def _announced(entries: object, roots: tuple[Path, ...]) -> Announced:
    if not isinstance(entries, dict) or len(entries) != 1:
        raise InvalidInputError("plugin", "it announces no agency or several; give the folder of one package")
    ((code, package),) = entries.items()
    below = PurePosixPath(*str(package).split("."))
    for root in roots:
        if (root / below / MANIFEST_FILE).is_file():
            return Announced(
                code=str(code),
                package=str(package),
                folder=(root / below).resolve(),
                import_root=root.resolve(),
            )
    raise InvalidInputError("plugin", f"the package that it announces has no {MANIFEST_FILE}")
