"""Networks of a person's own: sealed, seen by no other, deleted on their date, searched on a request."""

from __future__ import annotations

import logging
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.networks import ColumnsGiven, DeletedBecause, NetworkImported
from engine.domain.people.persons import PersonDescribed
from engine.domain.vault.sealing import SealBrokenError
from engine.services.cases.worklists import daily_sweep
from engine.services.links import network_files, received_files, workspaces
from engine.services.links.network_dates import FOLDER
from engine.services.links.received_files import SentFile
from engine.services.rights import subject_access
from engine.services.rights.subject_access_networks import with_networks
from engine.services.vault import keys as vault_keys
from tests.builders import Desk

ENTITIES = "id,type,label\na,person,Una Fenwick\nb,person,Ben Holm\n"
LINKS = "from,to,kind,date\na,b,knows,1899-05-01\na,a,knows,\nb,zz,knows,\n"
NAME = b"Una Fenwick"


def imported(desk: Desk, place: Path, acting: Acting | None = None, *, days: int = 30) -> NetworkImported:
    (place / "e.csv").write_text(ENTITIES, encoding="utf-8")
    (place / "l.csv").write_text(LINKS, encoding="utf-8")
    return workspaces.import_network(
        desk.context(acting or desk.coordinator),
        entities=[place / "e.csv"],
        links=[place / "l.csv"],
        terms=workspaces.terms_of(
            name="Harbour",
            controller="Harbour Police",
            purpose="Operation Gull",
            basis="Law enforcement",
            delete_on=desk.clock.today() + timedelta(days=days),
        ),
    )


def stored(desk: Desk) -> list[Path]:
    folder = desk.runtime.settings.home / FOLDER
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_nothing_of_a_network_can_be_read_in_the_home_folder(desk: Desk, tmp_path: Path) -> None:
    done = imported(desk, tmp_path)
    assert (done.network.entities, done.network.links) == (2, 1)
    assert [(each.file, each.row, each.column) for each in done.rejected] == [
        ("links", 3, "to"), ("links", 4, "to"),
    ]  # fmt: skip
    everything = [file.read_bytes() for file in desk.runtime.settings.home.rglob("*") if file.is_file()]
    for text in (NAME, b"Operation Gull", b"Harbour Police"):
        assert not any(text in content for content in everything)
    assert [file.stat().st_mode & 0o777 for file in stored(desk)] == [0o600]


def test_only_its_owner_opens_lists_and_deletes_it(desk: Desk, tmp_path: Path) -> None:
    reference = imported(desk, tmp_path).network.reference
    analyst = desk.add("ana", Role.ANALYST)
    for other in (desk.chair, analyst):
        assert workspaces.networks_of(desk.context(other)) == ()
        with pytest.raises(NotFoundError) as error:
            workspaces.delete_network(desk.context(other), reference=reference)
        assert "network" in str(error.value)
    with desk.context(desk.coordinator).reading("try") as work:
        network, register = workspaces.opened(work, desk.context(desk.coordinator), reference)
    assert (network.terms.name, register.entity(0).label) == ("Harbour", "Una Fenwick")
    workspaces.delete_network(desk.context(desk.coordinator), reference=reference)
    assert workspaces.networks_of(desk.context(desk.coordinator)) == ()
    assert stored(desk) == []


def test_the_officer_reads_whose_it_is_and_nothing_in_it(desk: Desk, tmp_path: Path) -> None:
    imported(desk, tmp_path)
    officer = desk.add("dora", Role.DATA_PROTECTION)
    (held,) = workspaces.networks_stored(desk.context(officer))
    assert (held.owner, held.controller, held.basis) == (
        desk.coordinator.user, "Harbour Police", "Law enforcement",
    )  # fmt: skip
    with pytest.raises(NotPermittedError):
        workspaces.networks_of(desk.context(officer))


def test_the_officer_deletes_it_unopened_with_a_ground_in_the_log(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = imported(desk, tmp_path).network.reference
    officer = desk.context(desk.add("dora", Role.DATA_PROTECTION))
    ground = DeletedBecause.NO_BASIS
    with pytest.raises(NotPermittedError):
        workspaces.delete_held_network(desk.context(desk.coordinator), reference=reference, because=ground)
    assert len(stored(desk)) == 1
    monkeypatch.setattr(network_files, "read_sealed", None)
    workspaces.delete_held_network(officer, reference=reference.lower(), because=ground)
    assert stored(desk) == []
    assert workspaces.networks_of(desk.context(desk.coordinator)) == ()
    with desk.runtime.uow.unrecorded() as work:
        (entry,) = [each for each in work.audit.entries() if "delete a network of another" in str(each)]
    assert reference in str(entry)
    assert "no lawful basis" in str(entry)
    with pytest.raises(NotFoundError):
        workspaces.delete_held_network(officer, reference=reference, because=ground)


def test_it_is_deleted_on_its_date_with_its_key_and_its_file(desk: Desk, tmp_path: Path) -> None:
    imported(desk, tmp_path, days=2)
    runner = Acting(user="runner", role=Role.SYSTEM)
    desk.clock.forward(timedelta(days=1))
    daily_sweep(desk.context(runner))
    assert len(workspaces.networks_of(desk.context(desk.coordinator))) == 1
    desk.clock.forward(timedelta(days=1))
    daily_sweep(desk.context(runner))
    assert workspaces.networks_of(desk.context(desk.coordinator)) == ()
    assert stored(desk) == []


def test_from_its_date_on_it_is_opened_by_no_one_though_no_sweep_has_run(desk: Desk, tmp_path: Path) -> None:
    reference = imported(desk, tmp_path, days=2).network.reference
    context = desk.context(desk.coordinator)
    desk.clock.forward(timedelta(days=1))
    assert len(workspaces.networks_of(context)) == 1
    desk.clock.forward(timedelta(days=1))
    with pytest.raises(NotFoundError), context.reading("try") as work:
        workspaces.opened(work, context, reference)
    with pytest.raises(NotFoundError):
        workspaces.delete_network(context, reference=reference)
    assert workspaces.networks_of(context) == ()
    assert workspaces.networks_stored(desk.context(desk.add("dora", Role.DATA_PROTECTION))) == ()
    with context.reading("try") as work:
        assert list(workspaces.labels_with(work, context, ["Una"])) == []


def test_files_wait_to_the_end_of_the_next_day(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "1").write_text(ENTITIES, encoding="utf-8")
    context = desk.context(desk.coordinator)
    received_files.receive_files(context, files=[SentFile("people.csv", tmp_path / "1")])
    desk.clock.forward(timedelta(days=1))
    daily_sweep(desk.context(Acting(user="runner", role=Role.SYSTEM)))
    assert received_files.files_waiting(context) is not None
    desk.clock.forward(timedelta(days=1))
    assert received_files.files_waiting(context) is None
    daily_sweep(desk.context(Acting(user="runner", role=Role.SYSTEM)))
    assert stored(desk) == []


def test_what_a_killed_process_left_unpacked_goes_with_the_daily_sweep(desk: Desk) -> None:
    folder = desk.runtime.settings.uploads / "tmpx.unpacked"
    folder.mkdir()
    (folder / "0.sent").write_text(ENTITIES, encoding="utf-8")
    runner = desk.context(Acting(user="runner", role=Role.SYSTEM))
    os.utime(folder, times=(desk.clock.now().timestamp(),) * 2)
    daily_sweep(runner)
    assert folder.is_dir(), "it may be read now"
    desk.clock.forward(timedelta(hours=2))
    daily_sweep(runner)
    assert list(desk.runtime.settings.uploads.iterdir()) == []


@pytest.mark.parametrize("days", [0, 367])
def test_the_date_of_deletion_is_bounded_and_nothing_is_stored(desk: Desk, tmp_path: Path, days: int) -> None:
    with pytest.raises(InvalidInputError, match="deletion date: give a date from tomorrow to"):
        imported(desk, tmp_path, days=days)
    assert stored(desk) == []


@pytest.mark.parametrize("field", ["name", "controller", "purpose", "basis"])
def test_each_term_is_needed(field: str) -> None:
    given = {"name": "N", "controller": "Police", "purpose": "Task", "basis": "Law"} | {field: " "}
    with pytest.raises(InvalidInputError, match="on one line"):
        workspaces.terms_of(**given, delete_on=date(2026, 12, 1))


def test_files_wait_sealed_until_their_owner_says_how_they_are_read(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "1").write_text("who,name\na,Una Fenwick\nb,Ben\n", encoding="utf-8")
    (tmp_path / "2").write_text("one;other\na;b\n", encoding="utf-8")
    context = desk.context(desk.coordinator)
    sent = [SentFile("people.csv", tmp_path / "1"), SentFile("calls.csv", tmp_path / "2")]
    received_files.receive_files(context, files=sent)
    waiting = received_files.receive_files(context, files=sent)
    assert len(stored(desk)) == 1, "the earlier set is gone"
    assert [(each.file, each.which, each.header) for each in waiting.tables] == [
        ("people.csv", None, ("who", "name")), ("calls.csv", None, ("one", "other")),
    ]  # fmt: skip
    assert waiting.tables[0].rows == (("a", "Una Fenwick"), ("b", "Ben"))
    assert received_files.files_waiting(desk.context(desk.chair)) is None
    assert not any(
        NAME in file.read_bytes() for file in desk.runtime.settings.home.rglob("*") if file.is_file()
    )
    columns = ColumnsGiven.model_validate(
        {"entities": {"id": "who"}, "links": {"from": "one", "to": "other"}}
    )
    given: dict[str, Any] = {
        "reference": waiting.reference,
        "terms": workspaces.terms_of(
            name="N",
            controller="Police",
            purpose="Task",
            basis="Law",
            delete_on=desk.clock.today() + timedelta(9),
        ),
    }
    with pytest.raises(InvalidInputError, match="table 2: row 1: the column 'from' is missing"):
        received_files.import_received(context, **given, columns=ColumnsGiven(), which=["not read", "links"])
    assert received_files.files_waiting(context) is not None, "they still wait"
    done = received_files.import_received(context, **given, columns=columns, which=["entities", "links"])
    assert (done.network.entities, done.network.links, done.network.files) == (
        2,
        1,
        ("people.csv", "calls.csv"),
    )
    assert received_files.files_waiting(context) is None
    assert len(stored(desk)) == 1
    assert not list(desk.runtime.settings.uploads.iterdir())
    again = received_files.receive_files(context, files=sent)
    assert again.remembered == columns


def test_a_sealed_network_outlives_a_change_of_the_vaults_key(desk: Desk, tmp_path: Path) -> None:
    reference = imported(desk, tmp_path).network.reference
    vault_keys.rotate(desk.context(desk.add("adam", Role.ADMINISTRATOR)))
    with desk.context(desk.coordinator).reading("try") as work:
        assert len(workspaces.opened(work, desk.context(desk.coordinator), reference)[1]) == 2


def test_a_file_that_was_changed_does_not_open(desk: Desk, tmp_path: Path) -> None:
    reference = imported(desk, tmp_path).network.reference
    (file,) = stored(desk)
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    with pytest.raises(SealBrokenError, match="its file was changed"), desk.runtime.uow.unrecorded() as work:
        workspaces.opened(work, desk.context(desk.coordinator), reference)


@pytest.mark.parametrize(
    ("forename", "surname", "gaps"),
    [("Una", "FENWICK", 1), ("Ben", "Fenwick", 0)],
)
def test_a_subject_access_request_searches_networks_by_name_and_a_person_decides(
    desk: Desk, tmp_path: Path, forename: str, surname: str, gaps: int
) -> None:
    reference = imported(desk, tmp_path).network.reference
    context = desk.context(desk.add("dora", Role.DATA_PROTECTION))
    request = subject_access.open_request(
        context, asked_by=PersonDescribed(forename=forename, surname=surname)
    )
    with context.reading("try") as work:
        answer = with_networks(work, context, request, SubjectAccessResult(looked_in=("here",)))
    assert answer.looked_in == ("here", f"imported networks, by name: {reference}")
    assert not answer.items
    assert len(answer.gaps) == gaps
    assert all("decide if they are about the requester" in gap for gap in answer.gaps)


def test_names_in_two_columns_are_found_and_files_that_wait_are_a_gap(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id,type,first,last\na,person,Una,Fenwick\nb,person,Una,Holm\n", "utf-8")
    (tmp_path / "l.csv").write_text("from,to\na,b\n", encoding="utf-8")
    owner = desk.context(desk.coordinator)
    until = desk.clock.today() + timedelta(days=9)
    terms = workspaces.terms_of(name="N", controller="Police", purpose="Task", basis="Law", delete_on=until)
    workspaces.import_network(owner, entities=[tmp_path / "e.csv"], links=[tmp_path / "l.csv"], terms=terms)
    waiting = received_files.receive_files(owner, files=[SentFile("e.csv", tmp_path / "e.csv")])
    context = desk.context(desk.add("dora", Role.DATA_PROTECTION))
    asked_by = PersonDescribed(forename="Una", surname="Fenwick")
    request = subject_access.open_request(context, asked_by=asked_by)
    with context.reading("try") as work:
        answer = with_networks(work, context, request, SubjectAccessResult(looked_in=("here",)))
    found, not_searched = answer.gaps
    assert found.startswith("1 entries of imported network")
    assert waiting.reference in not_searched


def test_no_name_of_a_network_reaches_the_audit_log(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        reference = imported(desk, tmp_path).network.reference
    with desk.runtime.uow.unrecorded() as work:
        (entry,) = [each for each in work.audit.entries() if "import a network" in str(each)]
    assert reference in str(entry)
    assert not [text for text in ("Fenwick", "Harbour", "Gull") if text in str(entry)]
    assert "Fenwick" not in caplog.text
