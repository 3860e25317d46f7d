"""Prefect for a while: what its flows share, and what is gone after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.prefect_session import prefect_at_hand

pytestmark = pytest.mark.prefect


def test_flows_of_one_block_share_a_client_and_a_later_block_has_another(
    prefect_server: str, tmp_path: Path
) -> None:
    from prefect.client.orchestration import get_client

    with prefect_at_hand(tmp_path, url=prefect_server):
        shared = get_client(sync_client=True)
        assert get_client(sync_client=True) is shared
    with prefect_at_hand(tmp_path, url=prefect_server):
        assert get_client(sync_client=True) is not shared
    assert get_client(sync_client=True) is not get_client(sync_client=True)
