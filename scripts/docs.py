"""Trials of the documentation: links, commands, syntax and imports of examples, and the tests of examples."""

from __future__ import annotations

import ast
import hashlib
import importlib
import inspect
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TRIED = ROOT / ".venv" / ".docs-tried"
CODE = ("engine", "plugins", "flows", "dashboard", "cli", "docs", "tests/docs", "README.md", "pyproject.toml")
TOP = {"engine", "plugins", "flows", "dashboard", "cli", "docs", "tests", "scripts", "benchmarks"}

_FENCE = re.compile(r"^( *)```([a-z]*)\n(.*?)^ *```[ ]*$", re.M | re.S)
_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_SPAN = re.compile(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)")
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.M)
_PATH = re.compile(rf"(?:{'|'.join(sorted(TOP))})(?:/[\w.-]+)+/?")
_OPTION = re.compile(r"--?[a-z][\w-]*")


@dataclass(frozen=True)
class Page:
    """A Markdown page, by its path from the root."""

    path: str
    text: str

    def line(self, offset: int) -> int:
        """Return the line on which this offset is."""
        return self.text.count("\n", 0, offset) + 1


def pages(root: Path = ROOT) -> list[Page]:
    """Read every page for readers of the repository."""
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "plugins").glob("*/README.md")]
    return [
        Page(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")) for file in sorted(found)
    ]


def anchors(text: str) -> set[str]:
    """Name each heading of a page as a link does: the second of the same name has -1."""
    there: set[str] = set()
    for heading in _HEADING.findall(_without_code(text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        count = 0
        while (name := slug if not count else f"{slug}-{count}") in there:
            count += 1
        there.add(name)
    return there


def _without_code(text: str) -> str:
    return _FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def broken_links(page: Page, root: Path = ROOT) -> Iterator[str]:
    """Find each link to a file or a heading that is not there, and each path of the repository likewise."""
    text = _without_code(page.text)
    for found in _LINK.finditer(_SPAN.sub(lambda span: " " * len(span.group()), text)):
        target, _, anchor = found[1].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (root / page.path).parent / target if target else root / page.path
        where = f"{page.path}:{page.line(found.start())}: {found[1]}"
        if target and not file.exists():
            yield f"{where}: no such file"
        elif (
            anchor
            and file.suffix == ".md"
            and anchor not in anchors(file.read_text(encoding="utf-8") if target else page.text)
        ):
            yield f"{where}: no such heading"
    for found in _SPAN.finditer(text):
        named = _PATH.fullmatch(found[1]) and not _template(found[1])
        if named and not (root / found[1]).exists() and not any(root.glob(found[1] + ".*")):
            yield f"{page.path}:{page.line(found.start())}: {found[1]}: no such file"


def _template(path: str) -> bool:
    return any(part.isupper() for part in re.split(r"[/.]", path) if len(part) > 2) or "NAME" in path


def commands(page: Page) -> Iterator[tuple[int, str]]:
    """Read each command line of ours in code spans and in blocks for a shell."""
    for found in _SPAN.finditer(_without_code(page.text)):
        text = " ".join(found[1].split())
        if text.startswith("stac "):
            yield page.line(found.start()), text
    for found in _FENCE.finditer(page.text):
        if found[2] in {"sh", "bash", "console", ""}:
            joined = found[3].replace("\\\n", "  ")
            for at, line in enumerate(joined.splitlines()):
                own = re.sub(r"^\s*(?:\$ )?(?:[A-Z_]+=\S* )*", "", line)
                if own.startswith("stac "):
                    yield page.line(found.start()) + 1 + at, re.sub(r"\s+#.*", "", own)


def wrong_command(line: str, command: Any) -> str | None:
    """Say what of a command line the parser does not have, or nothing when it has all of it."""
    line = re.split(r" (?:\||>|&&|;) ?", line)[0]
    try:
        words = shlex.split(line)[1:]
    except ValueError:
        words = line.split()[1:]
    below, name = command, ["stac"]
    while words and words[0] in {"--as", "--purpose", "--json"}:
        words = words[1:] if words[0] == "--json" else words[2:]
    while hasattr(below, "commands") and words:
        if words[0].startswith("-") or re.fullmatch(r"[A-Z]+|[{.…].*", words[0]):
            return None
        choices = [each for each in re.split(r"[|/]", words[0]) if each]
        unknown = [each for each in choices if each not in below.commands]
        if unknown:
            if getattr(below, "invoke_without_command", False):
                break
            return f"no command '{' '.join([*name, unknown[0]])}'"
        if len(choices) > 1:
            return None
        name.append(words[0])
        below = below.commands[words.pop(0)]
    options = {each for option in below.params for each in [*option.opts, *option.secondary_opts]} | {
        "--help"
    }
    for word in words:
        for part in word.strip("[]()").split("|"):
            option = part.partition("=")[0].strip("[]")
            if _OPTION.fullmatch(option) and option not in options:
                return f"'{' '.join(name)}' has no option {option}"
    return None


def broken_examples(page: Page) -> Iterator[str]:
    """Find each example that cannot be read in its own language, and each import of it that fails."""
    for found in _FENCE.finditer(page.text):
        indent, language, text = found[1], found[2], found[3]
        text = re.sub(rf"^{indent}", "", text, flags=re.M)
        where = f"{page.path}:{page.line(found.start())}: {language}"
        try:
            if language == "python":
                yield from (f"{where}: {why}" for why in _failing_imports(text))
            elif language == "toml":
                tomllib.loads(text)
            elif language == "json":
                _read_objects(text.strip())
            elif language in {"sh", "bash"}:
                subprocess.run(["/bin/sh", "-n"], input=text, text=True, capture_output=True, check=True)
        except (SyntaxError, ValueError) as error:
            yield f"{where}: {error}"
        except subprocess.CalledProcessError as error:
            yield f"{where}: {error.stderr.strip()}"


def _read_objects(text: str) -> None:
    """Read every object of a block: a file of JSON lines has several."""
    reader = json.JSONDecoder()
    at = 0
    while at < len(text.rstrip()):
        _, end = reader.raw_decode(text, at)
        at = end + len(text[end:]) - len(text[end:].lstrip())


def _failing_imports(text: str) -> Iterator[str]:
    """Find names of ours that an example imports or calls with an argument, and that are not there."""
    tree = ast.parse(text)
    ours: dict[str, Any] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        if node.module.split(".")[0] not in TOP:
            continue
        try:
            module = importlib.import_module(node.module)
        except ImportError as error:
            yield str(error)
            continue
        for name in node.names:
            if hasattr(module, name.name):
                ours[name.asname or name.name] = getattr(module, name.name)
            else:
                yield f"{node.module} has no {name.name}"
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and callable(ours.get(node.func.id))
        ):
            takes = _arguments(ours[node.func.id])
            yield from (
                f"{node.func.id} takes no {word.arg}"
                for word in node.keywords
                if takes is not None and word.arg is not None and word.arg not in takes
            )


def _arguments(called: Any) -> set[str] | None:
    """Name the arguments of a function or the fields of a model; none when it takes any."""
    if hasattr(called, "model_fields"):
        return set(called.model_fields)
    takes = inspect.signature(called).parameters
    return None if any(each.kind is each.VAR_KEYWORD for each in takes.values()) else set(takes)


def digest() -> str:
    """Digest what the tests of the documentation read."""
    summed = hashlib.sha256()
    for part in CODE:
        top = ROOT / part
        for file in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if file.is_file() and "__pycache__" not in file.parts:
                summed.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return summed.hexdigest()


def main(given: list[str]) -> int:
    """Print each fault, and what was tried; 1 when anything was wrong."""
    sys.path.insert(0, str(ROOT))
    import typer

    from cli.main import app

    command = typer.main.get_command(app)
    read = pages()
    links = sum(len(_LINK.findall(_without_code(page.text))) for page in read)
    blocks = sum(len(_FENCE.findall(page.text)) for page in read)
    lines = [(page, at, line) for page in read for at, line in commands(page)]
    faults = [fault for page in read for fault in (*broken_links(page), *broken_examples(page))]
    faults += [
        f"{page.path}:{at}: {why}" for page, at, line in lines if (why := wrong_command(line, command))
    ]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(
        f"{len(read)} pages: {links} links, {len(lines)} commands, {blocks} examples read;"
        f" {len(faults)} faults"
    )
    if faults or "--quick" in given:
        return int(bool(faults))
    now = digest()
    if TRIED.exists() and TRIED.read_text() == now:
        print("the tests of the examples passed for these pages and this code")
        return 0
    ran = subprocess.run([sys.executable, "-m", "pytest", "-q", "-n0", "tests/docs"], cwd=ROOT, check=False)
    if ran.returncode == 0:
        TRIED.write_text(now)
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
