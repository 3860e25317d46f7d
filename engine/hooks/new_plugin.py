"""A new plugin's package, written from the templates beside this module. Knows no agency by name."""

from __future__ import annotations

import re
import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.base import Code, Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import why_not
from engine.hooks.discovery import announced_agencies
from engine.hooks.manifest import CONTRACT

_TEMPLATES = Path(__file__).with_name("template")
_DISTRIBUTION = "stac-engine"
_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_CODE = 30
_NAME = re.compile(r"[^\W\d_][\w .,'()&/\-]{1,78}")
_WRITTEN_AS = {
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "init.py": "src/{{package}}/__init__.py",
    "agency.toml": "src/{{package}}/agency.toml",
    "hooks.py": "src/{{package}}/hooks.py",
    "records.py": "src/{{package}}/records.py",
    "assessor.py": "src/{{package}}/assessor.py",
    "synthetic.py": "src/{{package}}/synthetic.py",
    "test_answers.py": "tests/test_answers.py",
    "people.csv": "tests/records/people.csv",
    "notes.csv": "tests/records/notes.csv",
}
"""Places for the templates. They end in ``.txt`` here, so that nothing takes them for our own code."""


class NewPlugin(Frozen):
    """A package that was written."""

    code: Code
    name: Annotated[str, StringConstraints(min_length=2, max_length=80)]
    package: str
    folder: Path
    files: tuple[str, ...]


def write_plugin(code: str, *, name: str | None, out: Path) -> NewPlugin:
    """Write the package ``stac-CODE`` into ``out``, whole or not at all.

    Raises InvalidInputError.
    """
    if not _CODE.fullmatch(code) or not 2 <= len(code) <= _LONGEST_CODE:
        raise InvalidInputError(
            "name",
            f"an agency's code is 2 to {_LONGEST_CODE} lower-case letters, digits and single hyphens, "
            "and begins with a letter, such as housing or youth-justice",
        )
    if code in announced_agencies({})[0]:
        raise InvalidInputError("name", f"an installed agency has the code {code}; choose another")
    shown = name if name is not None else code.replace("-", " ").capitalize()
    if not _NAME.fullmatch(shown):
        raise InvalidInputError("title", "give 2 to 79 letters, digits and plain punctuation, on one line")
    folder, package = out / f"stac-{code}", f"stac_{code.replace('-', '_')}"
    if folder.exists():
        raise InvalidInputError(
            "out", f"the folder {folder.name} exists already; remove it or choose another name"
        )
    values = {
        "code": code,
        "name": shown,
        "package": package,
        "contract": f"{CONTRACT[0]}.{CONTRACT[1]}",
        "engine": _engine_version(),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".stac-plugin-", dir=out))
    except OSError as error:
        raise InvalidInputError("out", f"nothing can be written there ({why_not(error)})") from None
    try:
        files = _write(aside, values)
        aside.chmod(0o755)
        aside.rename(folder)
    except OSError as error:
        raise InvalidInputError("out", f"nothing can be written there ({why_not(error)})") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return NewPlugin(code=code, name=shown, package=package, folder=folder, files=files)


def _write(folder: Path, values: dict[str, str]) -> tuple[str, ...]:
    written = []
    for template, place in _WRITTEN_AS.items():
        text = (_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
        file = folder / _filled(place, values)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_filled(text, values), encoding="utf-8")
        written.append(_filled(place, values))
    return tuple(written)


def _filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match[1]], text)


def _engine_version() -> str:
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:  # run from its source without an installation
        return "0"
