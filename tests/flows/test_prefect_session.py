"""Prefect for a while: what its flows share, and what is gone after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.prefect_session import PrefectAwayError, prefect_at_hand

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


def test_the_id_of_a_flow_is_asked_for_once_in_a_block_and_again_after_one_that_lost_it(
    prefect_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx
    from prefect import flow

    @flow(name="asked-for-once", persist_result=False, validate_parameters=False)
    def nothing() -> None: ...

    asked: list[str] = []
    send = httpx.Client.send

    def noted(client: httpx.Client, request: httpx.Request, **options: object) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return send(client, request, **options)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(httpx.Client, "send", noted)
    with prefect_at_hand(tmp_path, url=prefect_server):
        nothing()
        nothing()
    assert (asked.count("POST /api/flows/"), asked.count("POST /api/flow_runs/")) == (1, 2)

    def lost_between_two_runs() -> None:
        with prefect_at_hand(tmp_path, url=prefect_server):
            nothing()
            there = httpx.get(f"{prefect_server}/flows/name/asked-for-once").json()
            assert httpx.delete(f"{prefect_server}/flows/{there['id']}").is_success
            nothing()

    with pytest.raises(PrefectAwayError):
        lost_between_two_runs()
    with prefect_at_hand(tmp_path, url=prefect_server):
        nothing()
