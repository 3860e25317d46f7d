"""Opened networks in memory: for their owner only, bounded, and never once they are deleted or expired."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotFoundError
from engine.domain.links.maps import LinkMap, MapAsked
from engine.domain.links.networks import DeletedBecause
from engine.domain.vault.sealing import SealBrokenError
from engine.links import held_networks
from engine.links.building import RegisterBuilder
from engine.links.held_networks import HeldNetworks
from engine.links.register import Register
from engine.services.links import workspaces
from engine.services.links.network_dates import FOLDER
from engine.services.links.network_files import register_in
from engine.services.links.network_maps import draw_network
from tests.builders import Desk
from tests.engine.services.links.test_workspaces import imported


def drawn(desk: Desk, reference: str, acting: Acting | None = None) -> LinkMap:
    context = desk.context(acting or desk.coordinator)
    return draw_network(context, network=reference, asked=MapAsked(start="a", hops=1), placed={})


@pytest.fixture
def unreadable(desk: Desk, tmp_path: Path) -> str:
    """A network that was drawn once, and whose file cannot be read again."""
    reference = imported(desk, tmp_path).network.reference
    drawn(desk, reference)
    (file,) = (desk.runtime.settings.home / FOLDER).iterdir()
    file.write_bytes(b"damaged")
    return reference


def test_a_further_map_does_not_read_the_file_again(desk: Desk, unreadable: str) -> None:
    assert {each.node.id for each in drawn(desk, unreadable).nodes} == {"a", "b"}


def test_no_other_user_is_answered_from_memory(desk: Desk, unreadable: str) -> None:
    for other in (desk.chair, desk.add("ana", Role.ANALYST)):
        with pytest.raises(NotFoundError):
            drawn(desk, unreadable, other)
    drawn(desk, unreadable)  # and its owner still is


@pytest.mark.parametrize("how", ["by its owner", "by the officer", "elsewhere", "by its date"])
def test_what_is_deleted_or_past_its_date_is_not_answered_and_not_held(
    desk: Desk, unreadable: str, how: str
) -> None:
    held = desk.runtime.held_networks
    match how:
        case "by its owner":
            workspaces.delete_network(desk.context(desk.coordinator), reference=unreadable)
            assert held.get(desk.coordinator.user, unreadable) is None
        case "by the officer":
            officer = desk.context(desk.add("dora", Role.DATA_PROTECTION))
            workspaces.delete_held_network(officer, reference=unreadable, because=next(iter(DeletedBecause)))
            assert held.get(desk.coordinator.user, unreadable) is None
        case "elsewhere":
            with desk.context(desk.coordinator).writing("delete a network") as work:
                work.imported_networks.forget([unreadable])
        case _:
            desk.clock.forward(timedelta(days=31))
    with pytest.raises(NotFoundError):
        drawn(desk, unreadable)
    assert held.get(desk.coordinator.user, unreadable) is None


def test_after_a_sign_out_it_is_read_again(desk: Desk, unreadable: str) -> None:
    desk.runtime.held_networks.drop_of("somebody")
    drawn(desk, unreadable)
    desk.runtime.held_networks.drop_of(desk.coordinator.user)
    with pytest.raises(SealBrokenError):
        drawn(desk, unreadable)


@pytest.fixture
def register() -> Register:
    building = RegisterBuilder()
    building.add_entity("a", "person")
    return building.register()


@pytest.fixture
def held() -> Iterator[HeldNetworks]:
    made = HeldNetworks(unused=timedelta(seconds=0.3))
    yield made
    made.close()


def test_what_is_not_used_for_a_while_is_dropped_without_being_asked_for(
    held: HeldNetworks, register: Register
) -> None:
    held.put("ana", "N-1", register, size=1, drops=held.drops)
    for _ in range(4):
        time.sleep(0.15)
        assert held.get("ana", "N-1") is register
    time.sleep(0.6)
    assert held._held == {}


def test_a_number_and_a_size_are_not_exceeded_and_the_last_used_stay(
    held: HeldNetworks, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_networks, "MOST_BYTES", 100)
    for name in ("N-1", "N-2", "N-3", "N-4"):
        held.put("ana", name, register, size=10, drops=held.drops)
    held.get("ana", "N-1")
    held.put("ana", "N-5", register, size=10, drops=held.drops)
    assert held.get("ana", "N-2") is None
    held.put("ana", "N-6", register, size=95, drops=held.drops)
    assert [reference for _, reference in held._held] == ["N-6"]
    held.put("ana", "N-7", register, size=101, drops=held.drops)
    assert [reference for _, reference in held._held] == ["N-6"]


def test_what_is_opened_while_its_owner_signs_out_is_not_held(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = imported(desk, tmp_path).network.reference
    held = desk.runtime.held_networks

    def signed_out_meanwhile(*given: Any) -> tuple[Register, int]:
        held.drop_of(desk.coordinator.user)
        return register_in(*given)

    monkeypatch.setattr(f"{workspaces.__name__}.register_in", signed_out_meanwhile)
    assert {each.node.id for each in drawn(desk, reference).nodes} == {"a", "b"}
    assert held.get(desk.coordinator.user, reference) is None
