"""The picture of the packages in docs/architecture.md is that of the imports as they are."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_picture_is_the_one_that_the_imports_make() -> None:
    spec = spec_from_file_location("architecture", ROOT / "scripts" / "architecture.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    _, picture, _ = script.parts(script.PAGE.read_text(encoding="utf-8"))
    assert picture == script.draw(), "scripts/architecture draws it anew"
    assert "    plugins --> engine.hooks\n" in picture
