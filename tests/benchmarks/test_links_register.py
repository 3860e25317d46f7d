"""The yardstick of memory: a graph of networkx is measured, whatever its parent has taken before."""

from __future__ import annotations

from benchmarks.links_register import networkx_mb


def test_the_memory_of_a_graph_is_its_own_and_not_what_this_process_took_before() -> None:
    taken = bytearray(400_000_000)  # more than the child takes: its highest memory so far is ours
    taken[::4096] = b"x" * len(taken[::4096])

    nodes, links = 500_000, 1_000_000

    assert 200 < networkx_mb(nodes, links) < 2_000
