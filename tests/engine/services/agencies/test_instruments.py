"""Instruments of the engine, of this STAC and of agencies, by their names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError
from engine.hooks.registry import Agencies, load_agencies
from engine.instruments.reading import SHIPPED, InstrumentFaultsError
from engine.instruments.scoring import scored
from engine.services.agencies.instruments import (
    InstrumentKnown,
    find_instrument,
    instruments_folder,
    list_instruments,
)
from tests.engine.services.agencies.packages import a_package

ON = date(2026, 11, 25)


@pytest.fixture
def agencies(tmp_path: Path) -> Iterator[Agencies]:
    with load_agencies(tmp_path / "home", extra={"quay": a_package(tmp_path)}) as loaded:
        yield loaded


def found(name: str, agencies: Agencies, home: Path) -> InstrumentKnown:
    return find_instrument(agencies=lambda: agencies, home=home, name=name)


def never() -> Agencies:
    raise AssertionError("no agency is needed for an instrument of the engine")


def test_an_agencys_instrument_is_listed_beside_the_engines(agencies: Agencies, tmp_path: Path) -> None:
    known = {each.instrument.id: each.whose for each in list_instruments(agencies=agencies, home=tmp_path)}
    assert known["tides"] == "quay"
    assert known["four"] == "engine"


def test_an_instrument_of_the_engine_loads_no_agency(tmp_path: Path) -> None:
    known = find_instrument(agencies=never, home=tmp_path, name="four")
    assert scored(known.instrument, {"fixated": "present"}, on=ON).error is None


def test_a_name_that_nobody_uses_is_told_with_those_that_are(agencies: Agencies, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"choose one of: .*four.*tides"):
        found("tide", agencies, tmp_path)


def test_a_name_that_two_agencies_use_is_asked_about(tmp_path: Path) -> None:
    extra = {code: a_package(tmp_path, code) for code in ("quay", "pier")}
    with load_agencies(tmp_path / "home", extra=extra) as both:
        with pytest.raises(InvalidInputError, match="write pier/tides or quay/tides"):
            found("tides", both, tmp_path)
        assert found("pier/tides", both, tmp_path).agency == "pier"


def a_local_route(home: Path, version: str, reached_at: int) -> None:
    folder = instruments_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    text = (SHIPPED / "route-visible-high-risk.toml").read_text()
    text = text.replace('version = "1"', f'version = "{version}"')
    (folder / "route-visible-high-risk.toml").write_text(
        text.replace("reached_at = 14", f"reached_at = {reached_at}")
    )


def test_this_stacs_own_threshold_takes_the_place_of_the_engines(tmp_path: Path) -> None:
    a_local_route(tmp_path, "1-sutton", 10)
    known = find_instrument(agencies=never, home=tmp_path, name="route-visible-high-risk")
    assert known.whose == "this STAC"
    score = scored(known.instrument, {"yes": 10, "no": 14}, on=ON)
    assert score.result is not None
    assert score.result["reached"] == "reached"
    assert score.result["version"] == "1-sutton"


def test_a_change_under_the_engines_own_version_is_refused(tmp_path: Path) -> None:
    a_local_route(tmp_path, "1", 10)
    with pytest.raises(InstrumentFaultsError, match="give your change its own version"):
        find_instrument(agencies=never, home=tmp_path, name="route-visible-high-risk")


def test_a_faulty_file_of_this_stacs_own_stops_every_use(tmp_path: Path) -> None:
    a_local_route(tmp_path, "2", 99)
    with pytest.raises(InstrumentFaultsError, match="it cannot be reached"):
        find_instrument(agencies=never, home=tmp_path, name="four")
