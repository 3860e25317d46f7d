"""A flow that fails leaves a file behind unless it stores nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.prefect


def test_a_flow_that_fails_leaves_no_file_and_one_that_may_store_does(prefect_server: str) -> None:
    from prefect import flow
    from prefect.settings import get_current_settings

    from flows.unstored import stores_nothing

    @flow(persist_result=False, validate_parameters=False)
    def fails() -> None:
        raise ValueError("R-7K3M9Q")

    def files() -> set[Path]:
        place = get_current_settings().results.local_storage_path
        return {path for path in Path(place).glob("**/*") if path.is_file()}

    before = files()
    state = stores_nothing(fails.with_options(name="stores-nothing"))(return_state=True)
    assert str(state.result(raise_on_failure=False)) == "R-7K3M9Q"
    assert files() == before
    fails(return_state=True)
    assert len(files()) == len(before) + 1


def test_the_server_is_asked_for_a_place_only_by_a_flow_that_may_store(
    prefect_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx
    from prefect import flow

    from flows.unstored import stores_nothing

    @flow(persist_result=False, validate_parameters=False)
    def nothing() -> None: ...

    asked: list[str] = []
    send = httpx.Client.send

    def noted(client: httpx.Client, request: httpx.Request, **options: object) -> httpx.Response:
        asked.append(request.url.path)
        return send(client, request, **options)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(httpx.Client, "send", noted)
    nothing()
    assert "/api/admin/storage" in asked
    asked.clear()
    stores_nothing(nothing)()
    assert "/api/flow_runs/" in asked
    assert "/api/admin/storage" not in asked
