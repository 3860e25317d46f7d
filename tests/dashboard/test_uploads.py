"""A file is sent by a link that is good once, for a minute, for one sign-in, by who may take it in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard import downloads, sign_in, uploads
from dashboard.downloads import TEMPLATE
from dashboard.sign_in import COOKIE
from dashboard.uploads import ASK, ROUTES, UploadResult
from engine.domain.accounts.acting import Acting, Role
from engine.services.accounts.sent_files import landing, sweep_uploads, unpacking
from engine.services.accounts.sign_ins import end_sign_in, look_at_sign_in
from engine.services.outcomes.imports import import_outcomes
from engine.services.referrals.files import referral_template
from tests.builders import Desk
from tests.dashboard import arriving
from tests.engine.exchange.written import a_row, write_xls

ORIGIN = {"origin": "http://127.0.0.1"}
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "ROUTES", [*sign_in.ROUTES, *downloads.ROUTES, *ROUTES])


@pytest.fixture
def small(desk: Desk) -> Desk:
    """A desk that takes files of a mebibyte at most."""
    desk.runtime.settings = desk.runtime.settings.model_copy(update={"largest_upload_mib": 1})
    return desk


def cookies(desk: Desk, acting: Acting) -> dict[str, str]:
    return {COOKIE: arriving.a_sign_in(desk, acting.user)}


def ask_for(signed_in: dict[str, str] | None, **given: Any) -> httpx.Response:
    return arriving.ask(ASK, method="POST", cookies=signed_in, **{"form": {}, "headers": ORIGIN, **given})


def link_of(signed_in: dict[str, str], **form: str) -> str:
    answer = ask_for(signed_in, form=form)
    assert answer.status_code == 200
    return f"{ASK}/{answer.text}"


def send(
    link: str, signed_in: dict[str, str] | None, content: bytes | AsyncIterator[bytes], **given: Any
) -> httpx.Response:
    return arriving.ask(
        link, method="POST", cookies=signed_in, content=content, **{"headers": ORIGIN, **given}
    )


def came(desk: Desk, signed_in: dict[str, str]) -> UploadResult | None:
    lock_after = desk.runtime.settings.sign_in.lock_after
    found = look_at_sign_in(**desk.common, token=signed_in[COOKIE], lock_after=lock_after).sign_in
    assert found is not None
    return uploads.last_of(found)


def refused(desk: Desk) -> list[str]:
    """Of what kind the refusals in the log are."""
    with desk.runtime.uow.unrecorded() as work:
        answer = [json.loads(entry.body) for entry in work.audit.entries()]
    links = ["link" for entry in answer if entry["what"] == "refuse file link"]
    return [entry["facts"]["refused"] for entry in answer if entry["what"] == "refuse"] + links


def left(desk: Desk) -> list[str]:
    return [file.name for file in desk.runtime.settings.uploads.iterdir()]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_what_kind_of_file_it_is_its_content_says(desk: Desk, kind: str) -> None:
    cora = cookies(desk, desk.coordinator)
    answer = send(
        link_of(cora), cora, referral_template(kind), headers={**ORIGIN, "content-type": "image/png"}
    )
    assert answer.status_code == 204
    upload_result = came(desk, cora)
    assert upload_result is not None
    assert upload_result.report is not None
    assert upload_result.report.accepted == 1
    assert left(desk) == []


def test_an_old_workbook_is_taken_in_once_somebody_says_that_they_looked(desk: Desk, tmp_path: Path) -> None:
    content = write_xls(tmp_path, [a_row(1)]).read_bytes()
    cora = cookies(desk, desk.coordinator)
    assert send(link_of(cora), cora, content).status_code == 422
    upload_result = came(desk, cora)
    assert upload_result is not None
    assert (upload_result.report, upload_result.asks_to_confirm) == (None, True)

    assert send(link_of(cora, workbook=uploads.LOOKED), cora, content).status_code == 204
    upload_result = came(desk, cora)
    assert upload_result is not None
    assert upload_result.report is not None
    assert (upload_result.report.accepted, upload_result.asks_to_confirm) == (1, False)


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    cora = cookies(desk, desk.coordinator)
    for _ in range(2):
        send(link_of(cora), cora, referral_template("csv"))
    upload_result = came(desk, cora)
    assert upload_result is not None
    assert upload_result.report is not None
    assert (upload_result.report.accepted, upload_result.report.unchanged) == (0, 1)


def test_the_log_says_who_sent_what_for_which_purpose(desk: Desk) -> None:
    cora = cookies(desk, desk.coordinator)
    send(link_of(cora), cora, referral_template("csv"))
    with desk.runtime.uow.unrecorded() as work:
        answer = [json.loads(entry.body) for entry in work.audit.entries()]
    (entry,) = [entry for entry in answer if entry["what"] == "import referrals"]
    assert (entry["user"], entry["purpose"]) == ("cora", "taking in a referral file")


def a_bomb() -> bytes:
    """A workbook of a few kilobytes whose sheet would unpack to a gibibyte."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(210):
                sheet.write(b" " * MIB)
    return made.getvalue()


HOSTILE = {
    "nothing": b"",
    "a program": b"\x7fELF" + bytes(200),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a paper": b"%PDF-1.7 1 0 obj",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a zip that is no workbook": b"PK\x03\x04" + bytes(100),
    "a list of lists": b"[" * 100_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_referral_file_is_refused_in_a_sentence_and_leaves_nothing(
    desk: Desk, content: bytes
) -> None:
    cora = cookies(desk, desk.coordinator)
    answer = send(link_of(cora), cora, content)
    assert answer.status_code == 422
    upload_result = came(desk, cora)
    assert upload_result is not None
    assert upload_result.error == answer.text
    assert "Traceback" not in answer.text
    assert left(desk) == []
    assert refused(desk) == ["upload"]


def test_a_workbook_that_would_unpack_to_more_than_it_may_is_not_unpacked(desk: Desk) -> None:
    cora = cookies(desk, desk.coordinator)
    bomb = a_bomb()
    assert len(bomb) < MIB
    assert send(link_of(cora), cora, bomb).status_code == 422
    assert left(desk) == []


def test_a_file_that_says_it_is_too_large_is_refused_before_it_comes(small: Desk) -> None:
    cora = cookies(small, small.coordinator)
    answer = send(link_of(cora), cora, b"x" * (MIB + 1))
    assert answer.text == "file: larger than 1 MiB; divide it into several files"
    assert left(small) == []


def test_a_file_that_does_not_say_so_is_refused_as_it_grows(small: Desk) -> None:
    taken: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while len(taken) < 10_000:
            taken.append(1)
            yield b"x" * 65_536

    cora = cookies(small, small.coordinator)
    assert send(link_of(cora), cora, endless()).status_code == 422
    assert left(small) == []


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "..\\..\\main.py", "/etc/passwd", "a\x00b", "CON"])
def test_no_name_that_is_sent_is_ever_used(desk: Desk, name: str) -> None:
    cora = cookies(desk, desk.coordinator)
    there = set(desk.runtime.settings.home.rglob("*"))
    given = {
        **ORIGIN,
        "content-disposition": f"attachment; filename*=utf-8''{name.encode().hex()}",
        "x-name": "x",
    }
    send(link_of(cora, name=name, path=name, source=""), cora, referral_template("csv"), headers=given)
    new = {file.name for file in desk.runtime.settings.home.rglob("*")} - {file.name for file in there}
    assert not {each for each in new if not each.startswith("stac.db")}


def test_who_refers_is_a_code_or_nothing_is_taken_in(desk: Desk) -> None:
    cora = cookies(desk, desk.coordinator)
    answer = send(link_of(cora, source="../../x"), cora, referral_template("csv"))
    assert answer.status_code == 422
    assert answer.text.startswith("source: not a short code")


def test_a_file_lies_for_its_moment_where_nobody_else_reads_it(desk: Desk) -> None:
    with landing(clock=desk.clock, settings=desk.runtime.settings) as landed:
        landed.add(b"x")
        number = landed.path.stat().st_mode & 0o777
        folder = landed.path.parent
        assert (number, folder.stat().st_mode & 0o777, folder) == (
            0o600,
            0o700,
            desk.runtime.settings.uploads,
        )
    assert left(desk) == []


def test_what_a_killed_process_left_is_gone_with_the_next_file(desk: Desk) -> None:
    folder = desk.runtime.settings.uploads
    folder.joinpath("0" * 32 + ".sent").write_bytes(b"left")
    desk.clock.forward(timedelta(days=3650))
    with landing(clock=desk.clock, settings=desk.runtime.settings):
        assert len(left(desk)) == 1


def test_what_another_process_receives_or_reads_stays(desk: Desk) -> None:
    settings = desk.runtime.settings
    far = desk.clock.now() + timedelta(days=3650)
    with landing(clock=desk.clock, settings=settings) as landed, unpacking(settings) as folder:
        folder.joinpath("0.sent").write_bytes(b"x")
        sweep_uploads(settings, before=far)
        assert landed.path.is_file()
        assert folder.joinpath("0.sent").is_file()
    settings.uploads.joinpath("x.unpacked").mkdir()
    settings.uploads.joinpath("y.sent").touch()
    sweep_uploads(settings, before=far)
    assert left(desk) == []


def test_so_many_files_come_at_once_and_no_more(desk: Desk) -> None:
    for number in range(8):
        desk.runtime.settings.uploads.joinpath(f"{number}.sent").write_bytes(b"")
    cora = cookies(desk, desk.coordinator)
    assert "other files are being imported" in send(link_of(cora), cora, b"x").text


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.COORDINATOR, Role.SYSTEM)], ids=str
)
def test_nobody_but_the_co_ordinator_is_given_a_link(desk: Desk, role: Role) -> None:
    agency = "lantern" if role is Role.PRACTITIONER else None
    other = cookies(desk, desk.add("other", role, agency))
    assert ask_for(other).status_code == 404
    assert refused(desk) == ["act"]


def ways(desk: Desk) -> Iterator[tuple[str, str, dict[str, str] | None, dict[str, Any]]]:
    """Links and sign-ins that do not fit: by name, with what is sent along."""
    cora, chair = cookies(desk, desk.coordinator), cookies(desk, desk.chair)
    used = link_of(cora)
    send(used, cora, referral_template("csv"))
    yield "used before", used, cora, {}
    yield "another user's", link_of(cora), chair, {}
    yield "another sign-in's", link_of(cora), cookies(desk, desk.coordinator), {}
    yield "nobody's", link_of(cora), None, {}
    yield "of another site's page", link_of(cora), cora, {"headers": {"origin": "http://evil.example"}}
    yield "of no page", link_of(cora), cora, {"headers": {}}
    yield "from another machine", link_of(cora), cora, {"client": "192.0.2.7"}
    yield "made up", f"{ASK}/made-up", cora, {}
    yield "a path", f"{ASK}/..%2f..%2fstac.db", cora, {}
    fetched = arriving.ask(
        downloads.ASK,
        method="POST",
        form={"kind": TEMPLATE, "ref": "csv"},
        cookies=cora,
        headers=ORIGIN,
    )
    yield "a download's", fetched.headers["location"].replace("/files/", f"{ASK}/"), cora, {}
    late = link_of(cora)
    desk.clock.forward(timedelta(minutes=1))
    yield "too old", late, cora, {}
    ended = link_of(cora)
    end_sign_in(**desk.common, token=cora[COOKIE])
    yield "of a sign-in that has ended", ended, cora, {}


def test_no_link_is_good_but_its_own_once_and_each_other_is_in_the_log(desk: Desk) -> None:
    result = {}
    for name, link, signed_in, given in ways(desk):
        before = len(refused(desk))
        answer = send(link, signed_in, referral_template("csv"), **given)
        result[name] = (answer.status_code, len(refused(desk)) - before)
        desk.clock.forward(timedelta(seconds=61))
    assert len(result) == 12
    assert {name: (status, n) for name, (status, n) in result.items() if status not in (403, 404)} == {}
    assert not [name for name, (_, entries) in result.items() if not entries]


def test_a_link_for_sending_fetches_nothing(desk: Desk) -> None:
    cora = cookies(desk, desk.coordinator)
    link = link_of(cora).replace(ASK, downloads.ASK)
    assert arriving.ask(link, cookies=cora).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_an_empty_file_to_begin_with_is_a_download(desk: Desk, kind: str, tmp_path: Path) -> None:
    cora = cookies(desk, desk.coordinator)
    form = {"kind": TEMPLATE, "ref": kind}
    answer = arriving.ask(downloads.ASK, method="POST", form=form, cookies=cora, headers=ORIGIN)
    fetched = arriving.ask(answer.headers["location"], cookies=cora)
    assert fetched.content == referral_template(kind) or kind == "xlsx"
    assert fetched.headers["content-disposition"] == f'attachment; filename="referrals.{kind}"'


def test_a_template_of_outcomes_is_a_download_and_reads_as_a_file_of_outcomes(
    desk: Desk, tmp_path: Path
) -> None:
    cora = cookies(desk, desk.coordinator)
    form = {"kind": TEMPLATE, "ref": "outcomes"}
    answer = arriving.ask(downloads.ASK, method="POST", form=form, cookies=cora, headers=ORIGIN)
    fetched = arriving.ask(answer.headers["location"], cookies=cora)
    assert fetched.headers["content-disposition"] == 'attachment; filename="outcomes.csv"'
    file = tmp_path / "outcomes.csv"
    its_own = fetched.content.replace(b"R-EXAMPLE", b"R-6WVQTF6").replace(b"31/03/2026", b"01/02/2026")
    file.write_bytes(its_own)
    read = import_outcomes(desk.context(desk.coordinator), path=file, agency="police")
    only_the_case = "case: no case that is open to you has this reference; check it"
    assert [row.reasons for row in read.refused] == [(only_the_case,)] * 2
