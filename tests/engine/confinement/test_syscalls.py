"""The filter of system calls: what it is made of, and that a machine without it says so."""

from __future__ import annotations

import platform
import struct

import pytest

from engine.confinement import syscalls
from engine.confinement.syscalls import forbid_calls

ARCHITECTURES = sorted(syscalls._ARCHITECTURES)


def steps(machine: str, *, network: bool, processes: bool) -> list[tuple[int, int, int, int]]:
    architecture, column = syscalls._ARCHITECTURES[machine]
    made = syscalls._instructions(architecture, column, network=network, processes=processes)
    return [struct.unpack("=HBBI", step) for step in made]


def test_a_processor_for_which_no_filter_is_written_is_an_error_and_no_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(OSError, match="this software has no system-call filter for riscv64"):
        forbid_calls(network=False, processes=False)


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_every_jump_of_a_filter_lands_within_it_and_its_end_allows(machine: str) -> None:
    for network in (True, False):
        for processes in (True, False):
            made = steps(machine, network=network, processes=processes)
            assert made[-1] == (syscalls._RETURN, 0, 0, syscalls._ALLOW)
            for place, (_, if_true, if_false, _) in enumerate(made):
                assert place + 1 + max(if_true, if_false) < len(made) or (if_true, if_false) == (0, 0)
            assert len(made) < 4096  # the kernel takes no more


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_a_filter_refuses_more_the_less_is_declared(machine: str) -> None:
    column = syscalls._ARCHITECTURES[machine][1]

    def tested(**declared: bool) -> set[int]:
        made = steps(machine, **declared)
        return {value for code, _, _, value in made if code == syscalls._EQUAL}

    strict = tested(network=False, processes=False)
    assert strict - tested(network=True, processes=False) == {syscalls._SOCKET["socket"][column]}
    assert syscalls._STARTING["execve"][column] in strict
    assert syscalls._STARTING["execve"][column] not in tested(network=False, processes=True)


def test_no_number_stands_twice_for_one_processor() -> None:
    tables = (
        syscalls._STARTING,
        syscalls._OTHERS,
        syscalls._WAYS_OUT,
        syscalls._MEMORY_THAT_OUTLIVES,
        syscalls._SOCKET,
    )
    for column in (0, 1):
        numbers = [both[column] for table in tables for both in table.values() if both[column] is not None]
        assert len(numbers) == len(set(numbers))
