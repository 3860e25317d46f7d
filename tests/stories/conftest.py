"""The same homes as for the tests of the command."""

from __future__ import annotations

from tests.cli.conftest import home_made_once, home_with_extracts, stac, stac_with_extracts

__all__ = ["home_made_once", "home_with_extracts", "stac", "stac_with_extracts"]
