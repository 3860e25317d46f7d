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


def test_each_of_our_flows_stores_nothing() -> None:
    import importlib
    import pkgutil

    from prefect import Flow
    from prefect_dask.task_runners import DaskTaskRunner

    import flows
    from flows.reassess_over_dask import batch_over, reassess_batch
    from flows.unstored import _NOWHERE

    names = [f"flows.{found.name}" for found in pkgutil.iter_modules(flows.__path__)]
    members = [value for name in names for value in vars(importlib.import_module(name)).values()]
    ours = {value.name: value for value in members if isinstance(value, Flow)}
    assert len(ours) > 5
    del ours[reassess_batch.name]  # it is run by what ``batch_over`` returns
    ours["batch over Dask"] = batch_over(DaskTaskRunner())
    assert [name for name, each in ours.items() if each.result_storage is not _NOWHERE] == []
