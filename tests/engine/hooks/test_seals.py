"""A part-delivered, changed or old extract is never answered from; a whole one is, and is read once."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError
from engine.domain.responses.answers import Contribution, Failed, FailureReason, NilReturn
from engine.hooks import extract_reading
from engine.hooks.extracts import Extract
from engine.hooks.questions import FIND_PEOPLE, SUBJECT_ACCESS
from engine.hooks.registry import agencies_folder, load_agencies
from engine.hooks.seals import SEAL_FILE, ExtractNotWholeError, Rows
from engine.settings import ExtractSettings
from plugins.police.records import INCIDENTS, PERSONS
from tests.plugins.builders import a_case
from tests.plugins.police.given import a_person, a_report, written

TODAY = date(2026, 11, 24)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "agencies" / "toy"
    made.mkdir(parents=True)
    table(made, 100)
    return made


def table(folder: Path, rows: int, name: str = "people.csv") -> None:
    (folder / name).write_text("key,name\n" + "".join(f"{number},A\n" for number in range(rows)))


def extract(folder: Path, *, on: date = TODAY, **terms: object) -> Extract:
    return Extract(folder, terms=ExtractSettings.model_validate(terms), today=lambda: on)


def sealed(folder: Path, *, on: date = TODAY, accept_fewer: bool = False) -> Extract:
    made = extract(folder, on=on)
    made.seal(as_of=on, accept_fewer=accept_fewer, reason="a review" if accept_fewer else None)
    made.whole()
    return made


def refused(made: Extract) -> str:
    with pytest.raises(ExtractNotWholeError) as caught:
        made.whole()
    return caught.value.sentence


def by_hand(folder: Path, *, as_of: date = TODAY, **changes: object) -> None:
    """What an agency's own exporter writes: the seal with the extract, and no command."""
    there = extract(folder)
    there.seal(as_of=as_of, accept_fewer=True, reason="a review")
    read = json.loads((folder / SEAL_FILE).read_text())
    (folder / SEAL_FILE).write_text(json.dumps(read | changes))


def test_without_a_seal_an_extract_is_not_relied_on(folder: Path) -> None:
    assert refused(extract(folder)) == (
        "extract.json was not found, so it is not known if the extract is whole; 'stac agency seal toy' "
        "writes it for an extract that is"
    )


def test_a_sealed_extract_is_what_its_seal_says(folder: Path) -> None:
    made = sealed(folder)

    seal = json.loads((folder / SEAL_FILE).read_text())
    assert seal["as_of"] == "2026-11-24"
    assert [(file["name"], file["rows"]) for file in seal["files"]] == [("people.csv", 100)]
    assert made.whole().folder == folder
    assert made.as_of() == TODAY


def test_an_extract_that_was_changed_after_it_was_sealed_is_not_relied_on(folder: Path) -> None:
    sealed(folder)
    text = (folder / "people.csv").read_text()
    (folder / "people.csv").write_text(text.replace("7,A", "7,B", 1))
    assert refused(extract(folder)) == "people.csv is not as it was when the extract was sealed"

    table(folder, 99)
    assert refused(extract(folder)) == "people.csv holds 99 rows and extract.json says 100"

    (folder / "people.csv").unlink()
    assert refused(extract(folder)) == "people.csv is named in extract.json but was not found"


def test_a_seal_that_names_fewer_files_than_are_there_is_none(folder: Path) -> None:
    made = sealed(folder)
    table(folder, 3, "notes.csv")
    assert refused(made) == "notes.csv is there and is not named in extract.json"

    (folder / "notes.csv").rename(folder / ".notes.csv")
    assert made.whole().folder == folder


def test_a_count_that_the_exporter_took_from_its_own_system_is_held_against_the_file(folder: Path) -> None:
    by_hand(folder)
    seal = json.loads((folder / SEAL_FILE).read_text())
    seal["files"][0]["rows"] = 240
    (folder / SEAL_FILE).write_text(json.dumps(seal))

    assert refused(extract(folder)) == "people.csv holds 100 rows and extract.json says 240"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"as_of": "2026-11-24", "files": []}', '{"as_of": "soon", "files": [{"name": "Ann"}]}'],
)
def test_a_seal_that_cannot_be_read_is_none_and_is_not_repeated(folder: Path, text: str) -> None:
    (folder / SEAL_FILE).write_text(text)
    said = refused(extract(folder))
    assert said.startswith("extract.json breaks its format")
    assert "Ann" not in said


@pytest.mark.parametrize(("rows", "may"), [(90, True), (89, False), (0, False)])
def test_a_table_may_shrink_by_a_tenth_and_no_more(folder: Path, rows: int, may: bool) -> None:
    sealed(folder)
    before = (folder.parent / "toy.before.json").read_bytes()
    table(folder, rows)
    by_hand(folder)
    (folder.parent / "toy.before.json").write_bytes(before)  # nobody accepted it: an exporter wrote the seal

    made = extract(folder)
    if may:
        assert made.whole().folder == folder
        assert json.loads((folder.parent / "toy.before.json").read_text())["files"][0]["rows"] == rows
    else:
        assert refused(made).startswith(f"people.csv fell from 100 rows to {rows}, by more than 10 %, since")
        assert (folder.parent / "toy.before.json").read_bytes() == before


def test_a_table_that_is_gone_and_an_extract_that_is_older_than_the_last_are_not_relied_on(
    folder: Path,
) -> None:
    table(folder, 20, "notes.csv")
    sealed(folder)
    before = (folder.parent / "toy.before.json").read_bytes()

    (folder / "notes.csv").unlink()
    by_hand(folder)
    (folder.parent / "toy.before.json").write_bytes(before)
    assert refused(extract(folder)).startswith(
        "notes.csv was in the extract of 24 November 2026 and is not in this one"
    )

    table(folder, 20, "notes.csv")
    by_hand(folder, as_of=TODAY - timedelta(days=2))
    (folder.parent / "toy.before.json").write_bytes(before)
    assert "older than the one before, of 24 November 2026" in refused(extract(folder))


def test_who_seals_is_told_what_shrank_and_may_accept_it(folder: Path) -> None:
    sealed(folder)
    table(folder, 50)

    with pytest.raises(InvalidInputError, match=r"people\.csv fell from 100 rows to 50.*--accept-fewer"):
        extract(folder).seal(as_of=TODAY)
    extract_sealed = extract(folder).seal(as_of=TODAY, accept_fewer=True, reason="a review")

    assert [(file.rows, file.rows_before) for file in extract_sealed.files] == [(50, 100)]
    assert extract(folder).whole().folder == folder


def test_an_old_extract_and_one_of_a_day_to_come_are_not_relied_on(folder: Path) -> None:
    sealed(folder)
    later = TODAY + timedelta(days=31)
    assert extract(folder, on=later).whole().folder == folder
    assert refused(extract(folder, on=later + timedelta(days=1))) == (
        "the extract is of 24 November 2026, more than 31 days ago; a newer one is needed"
    )
    assert extract(folder, on=later + timedelta(days=1), oldest_days_of={"toy": 40}).whole().folder == folder
    assert refused(extract(folder, on=TODAY - timedelta(days=1))) == (
        "the extract is dated 24 November 2026, after today"
    )


def test_an_extract_grows_old_while_a_process_holds_it(folder: Path) -> None:
    sealed(folder)
    days = iter([TODAY, TODAY + timedelta(days=40)])
    now = next(days)
    made = Extract(folder, today=lambda: now)
    assert made.whole().folder == folder
    now = next(days)
    assert "more than 31 days ago" in refused(made)


def test_nothing_and_what_cannot_be_checked_cannot_be_sealed(folder: Path, tmp_path: Path) -> None:
    (folder / "people.csv").rename(tmp_path / "people.csv")
    with pytest.raises(InvalidInputError, match="agencies/toy has no file to seal; put the extract there"):
        extract(folder).seal()
    (folder / "people.csv").symlink_to(tmp_path / "people.csv")
    with pytest.raises(InvalidInputError, match=r"people\.csv is a link"):
        extract(folder).seal()
    (folder / "people.csv").unlink()
    table(folder, 1)
    with pytest.raises(InvalidInputError, match="is to come"):
        extract(folder).seal(as_of=TODAY + timedelta(days=1))


def test_what_waits_to_be_imported_and_settings_are_no_part_of_the_extract(folder: Path) -> None:
    made = sealed(folder)
    (folder / "incoming").mkdir()
    (folder / "incoming" / "new.csv").write_text("x\n")
    (folder / "agency-settings.toml").write_text("colour = 'blue'\n")
    assert made.whole().settings == {"colour": "blue"}


def test_a_file_that_is_replaced_while_it_is_looked_at_is_looked_at_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(folder)
    whole, opened = (folder / "people.csv").read_bytes(), extract_reading._plain_file
    half = whole[: len(whole) // 2]
    (folder / "people.csv").write_bytes(half)
    was = [whole]

    def replaced(path: Path) -> object:
        if path.name == "people.csv" and was:
            (folder / "people.csv").write_bytes(was.pop())
        return opened(path)

    monkeypatch.setattr(extract_reading, "_plain_file", replaced)
    assert extract(folder).whole().digest == extract(folder).records().digest


def test_files_that_are_not_touched_are_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = sealed(folder)
    monkeypatch.setattr(extract_reading, "_plain_file", None)  # to open any file now would raise
    records = made.whole()
    assert made.is_still(records)
    os.utime(folder / "people.csv")
    assert not made.is_still(records)


def test_who_finds_it_changed_waits_for_the_import_that_seals_it(folder: Path) -> None:
    made = sealed(folder)
    importing = extract(folder)
    begun = threading.Event()

    def importer() -> None:
        with importing.alone():
            table(folder, 120)
            begun.set()
            time.sleep(0.2)
            importing.seal_as_written(TODAY, is_new=False)

    thread = threading.Thread(target=importer)
    thread.start()
    begun.wait()
    try:
        assert made.whole().folder == folder
    finally:
        thread.join()


@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        ("a.csv", b"", 0),
        ("a.csv", b"key,name\n", 0),
        ("a.csv", b"key,name\n1,A\n2,B\n", 2),
        ("a.csv", b"key,name\r\n1,A\r\n\r\n2,B", 2),
        ("a.csv", b'key,name\n1,"two\nlines, and ""quotes"""\n2,B\n', 2),
        ("a.csv", b'key,name\n"1","A"\n"2","B"\n', 2),
        ("a.csv", b'key,name\n\n\n\n1,A\n\n"a\n\n\nb",B\n\n\n3,C\n\n\n', 3),
        ("a.csv", b'key,name\n1,"half', 1),
        ("a.jsonl", b'{"lines":2}\n{"a":1}\n{"a":"\\""}\n', 2),
        ("a.jsonl", b'\xef\xbb\xbf{"lines": 1}\n{"a":1}\n', 1),
        ("a.jsonl", b'{"a":1}\n\n{"a":2}', 2),
        ("a.xlsx", b"PK\n\n\n", None),
    ],
)
@pytest.mark.parametrize("piece", [1, 7, 1_000])
def test_rows_are_counted_as_a_reader_of_tables_counts_them(
    name: str, content: bytes, rows: int | None, piece: int
) -> None:
    counting = Rows(name)
    for place in range(0, len(content), piece):
        counting.take(content[place : place + piece])
    assert counting.counted() == rows


def _headers_alone(folder: Path) -> None:
    for file in folder.glob("*.csv"):
        file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])


def _half_with_its_dependent_rows(folder: Path) -> None:
    written(folder, persons=(a_person(person_id="N2", pnc=None, surname="Otherson"),))


@pytest.mark.parametrize("cut", [_headers_alone, _half_with_its_dependent_rows])
@pytest.mark.parametrize("sealed_by_its_exporter", [False, True])
def test_a_part_delivered_extract_is_a_failure_and_never_a_nil_return(
    tmp_path: Path, cut: Callable[[Path], None], sealed_by_its_exporter: bool
) -> None:
    folder = agencies_folder(tmp_path, "police")
    folder.mkdir(parents=True)
    persons = (a_person(), a_person(person_id="N2", pnc=None, surname="Otherson"))
    written(folder, persons=persons, reports=(a_report(1, "2026-10-01"),))
    with load_agencies(tmp_path, today=lambda: TODAY) as agencies:
        agencies.seal("police", as_of=TODAY)
        assert isinstance(agencies.assess("police", a_case()), Contribution)
        cut(folder)
        if sealed_by_its_exporter:
            before = (folder.parent / "police.before.json").read_bytes()
            by_hand(folder)
            (folder.parent / "police.before.json").write_bytes(before)
        answers = [agencies.assess("police", a_case()), *agencies.assess_many("police", [a_case()] * 40)]
        person = a_case().perpetrator
        assert person is not None
        others = [agencies.ask("police", FIND_PEOPLE, person), agencies.ask("police", SUBJECT_ACCESS, person)]

    for answer in (*answers, *others):
        assert isinstance(answer, Failed)
        assert answer.reason is FailureReason.EXTRACT_NOT_WHOLE
        assert ("fell from" if sealed_by_its_exporter else SEAL_FILE) in answer.says


def test_what_is_replaced_while_the_plugin_reads_it_is_no_answer_and_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = agencies_folder(tmp_path, "police")
    folder.mkdir(parents=True)
    written(folder)
    whole = (folder / PERSONS).read_bytes()
    with load_agencies(tmp_path, today=lambda: TODAY) as agencies:
        agencies.seal("police", as_of=TODAY)
        looked = Extract.whole

        def then_replaced(made: Extract) -> object:
            records = looked(made)
            (folder / PERSONS).write_bytes(whole.splitlines(keepends=True)[0])
            return records

        monkeypatch.setattr(Extract, "whole", then_replaced)
        answer = agencies.assess("police", a_case())
        monkeypatch.setattr(Extract, "whole", looked)
        (folder / PERSONS).write_bytes(whole)
        after = agencies.assess("police", a_case())

    assert isinstance(answer, Failed)
    assert answer.says.endswith("it was changed while it was read; ask again")
    assert isinstance(after, Contribution)


def test_an_import_adds_to_a_whole_extract_and_seals_it_and_never_to_a_spoilt_one(tmp_path: Path) -> None:
    folder = agencies_folder(tmp_path, "police")
    folder.mkdir(parents=True)
    written(folder, persons=(a_person(), a_person(person_id="N2", pnc=None, surname="Otherson")))
    whole = (folder / PERSONS).read_bytes()
    (folder / "incoming").mkdir()
    (folder / "incoming" / "more.csv").write_bytes(
        whole.replace(b"N1", b"N3").replace(b"Toyson", b"Newson").replace(b"N2", b"N4")
    )
    with load_agencies(tmp_path, today=lambda: TODAY) as agencies:
        unsealed = agencies.import_files("police", ["more.csv"])
        agencies.seal("police", as_of=TODAY - timedelta(days=9))
        (folder / PERSONS).write_bytes(whole[: whole.index(b"N2")])
        spoilt = agencies.import_files("police", ["more.csv"])
        (folder / PERSONS).write_bytes(whole)
        read = agencies.import_files("police", ["more.csv"])
        answer = agencies.assess("police", a_case())
        as_of = agencies.extract_as_of("police")

    for each in (unsealed, spoilt):
        assert isinstance(each, Failed)
        assert each.reason is FailureReason.EXTRACT_NOT_WHOLE
    assert not isinstance(read, Failed)
    assert isinstance(answer, Contribution)
    assert as_of == TODAY
    assert (folder / INCIDENTS).exists()


def test_an_agency_that_keeps_no_extract_needs_no_seal(tmp_path: Path) -> None:
    toys = Path(__file__).parent / "toys"
    with load_agencies(tmp_path, extra={"answers": toys / "answers"}) as agencies:
        assert isinstance(agencies.assess("answers", a_case()), NilReturn)
        assert agencies.extract_as_of("answers") is None
