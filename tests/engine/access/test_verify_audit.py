"""An exported audit chain, verified by one file on a bare Python: altered, dropped, swapped or cut."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.access import verify_audit
from engine.domain.system import audit

VERIFIER = Path(verify_audit.__file__)
NO_EXPORT = f"this is not an audit export: its first line is not {verify_audit.FORMAT}"


def an_export(count: int = 6) -> list[dict[str, Any]]:
    """A whole export of so many entries."""
    lines: list[dict[str, Any]] = [{"format": verify_audit.FORMAT}]
    previous = audit.FIRST_PREVIOUS
    for sequence in range(1, count + 1):
        body = audit.canonical({"what": f"test {sequence}", "cases": ["R-1"], "user": "amélie"})
        hashed = audit.entry_hash(previous, sequence, body)
        lines.append({"sequence": sequence, "previous": previous, "hash": hashed, "body": body})
        previous = hashed
    return [*lines, {"end": count, "hash": previous}]


def verdict(lines: list[Any], anchors: dict[int, str] | None = None) -> verify_audit.Verdict:
    return verify_audit.verify_lines([json.dumps(line, ensure_ascii=False) for line in lines], anchors)


def reason_of(verdict: verify_audit.Verdict) -> str:
    assert verdict["first_bad"] is not None
    return verdict["first_bad"]["reason"]


def altered(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines[3]["body"] = lines[3]["body"].replace("test", "rest")
    return lines


def altered_with_its_hash(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whoever alters an entry and puts its hash right is found at the next one."""
    lines[3]["body"] = lines[3]["body"].replace("test", "rest")
    lines[3]["hash"] = audit.entry_hash(lines[3]["previous"], 3, lines[3]["body"])
    return lines


def dropped(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return lines[:3] + lines[4:]


def swapped(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines[3], lines[4] = lines[4], lines[3]
    return lines


def cut(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*lines[:5], lines[-1]]


def cut_with_the_end_line(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return lines[:5]


def something_after(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*lines, lines[2]]


def test_a_whole_export_holds() -> None:
    assert verdict(an_export()) == {"entries": 6, "ok": True, "first_bad": None}
    assert verdict(an_export(0)) == {"entries": 0, "ok": True, "first_bad": None}


@pytest.mark.parametrize(
    ("forge", "first_bad", "reason"),
    [
        (altered, 3, "its content was altered"),
        (altered_with_its_hash, 4, "it does not follow the entry before it"),
        (dropped, 3, "it is missing: entry 4 is in its place"),
        (swapped, 3, "it is missing: entry 4 is in its place"),
        (cut, 5, "the end of the chain is cut off: the end line is entry 6"),
        (cut_with_the_end_line, 5, "the end of the chain is cut off: it has no end line"),
        (something_after, 7, "there is content after the end line"),
    ],
)
def test_a_forged_export_names_its_first_bad_entry(
    forge: Callable[[list[dict[str, Any]]], list[dict[str, Any]]], first_bad: int, reason: str
) -> None:
    answer = verdict(forge(an_export()))
    assert not answer["ok"]
    assert answer["first_bad"] == {"entry": first_bad, "reason": reason}


def test_a_chain_that_was_written_anew_shows_only_against_an_anchor() -> None:
    honest = an_export()
    anchors = {4: honest[4]["hash"]}
    forged = an_export()[:1]
    previous = audit.FIRST_PREVIOUS
    for sequence in range(1, 7):
        body = audit.canonical({"what": "something else"})
        hashed = audit.entry_hash(previous, sequence, body)
        forged.append({"sequence": sequence, "previous": previous, "hash": hashed, "body": body})
        previous = hashed
    forged.append({"end": 6, "hash": previous})
    assert verdict(forged)["ok"]
    assert verdict(honest, anchors)["ok"]
    assert verdict(forged, anchors)["first_bad"] == {
        "entry": 4,
        "reason": "the anchor does not match this entry",
    }
    short = [*honest[:4], {"end": 3, "hash": honest[3]["hash"]}]
    assert verdict(short)["ok"]
    assert "an anchor is of entry 4" in reason_of(verdict(short, anchors))


@pytest.mark.parametrize("lines", [[], ["rubbish"], [{"format": "another"}], [[1, 2]]])
def test_what_is_no_export_is_told(lines: list[Any]) -> None:
    answer = verdict(lines)
    assert not answer["ok"]
    assert "this is not an audit export" in reason_of(answer)


def end_that_cannot_be_read(lines: list[dict[str, Any]]) -> list[Any]:
    return [*lines[:-1], {"end": 6, "hash": 6}]


def end_with_more_in_it(lines: list[dict[str, Any]]) -> list[Any]:
    return [*lines[:-1], {**lines[-1], "more": 1}]


def no_entry(**changes: object) -> Callable[[list[dict[str, Any]]], list[Any]]:
    return lambda lines: [*lines[:3], {**lines[3], **changes}, *lines[4:]]


@pytest.mark.parametrize(
    ("forge", "first_bad"),
    [
        (lambda lines: [*lines[:3], 7, *lines[4:]], {"entry": 3, "reason": "its line cannot be read"}),
        *(
            (no_entry(**{name: value}), {"entry": 3, "reason": "its line is not an entry"})
            for name, value in {
                "sequence": "3",
                "previous": 1,
                "hash": 1,
                "body": 1,
                "versions": 1,
                "more": 1,
            }.items()
        ),
        (no_entry(versions=None), {"entry": 3, "reason": "its line is not an entry"}),
        (end_that_cannot_be_read, {"entry": 7, "reason": "the end line cannot be read"}),
        (end_with_more_in_it, {"entry": 7, "reason": "the end line cannot be read"}),
        (lambda _: [], {"entry": 1, "reason": NO_EXPORT}),
    ],
)
def test_what_cannot_be_read_is_named_by_its_place(
    forge: Callable[[list[dict[str, Any]]], list[Any]], first_bad: dict[str, Any]
) -> None:
    assert verdict(forge(an_export()))["first_bad"] == first_bad


def test_an_anchor_beyond_the_end_names_the_first_entry_that_is_missing() -> None:
    assert verdict(an_export(3), {9: "a" * 64, 5: "b" * 64})["first_bad"] == {
        "entry": 4,
        "reason": "the end of the chain is cut off: an anchor is of entry 5",
    }


def test_an_empty_line_ends_nothing() -> None:
    lines = [json.dumps(line) for line in an_export(3)]
    forged = [json.dumps(line) for line in altered(an_export(3))]
    assert verify_audit.verify_lines([lines[0], "", " \n", *lines[1:]])["ok"]
    assert not verify_audit.verify_lines([forged[0], "", *forged[1:]])["ok"]
    assert verify_audit.read_anchors(["", json.dumps({"sequence": 1, "hash": "a"})]) == {1: "a"}


@pytest.mark.parametrize(
    "line", ["rubbish", "[]", '{"sequence": "1", "hash": "a"}', '{"sequence": 1, "hash": 2}']
)
def test_anchors_that_cannot_be_read_are_no_anchors(line: str) -> None:
    with pytest.raises(ValueError, match="a line of the anchors cannot be read"):
        verify_audit.read_anchors([line])


def test_as_a_command_it_verifies_a_file_or_standard_input_against_its_anchors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, anchors = tmp_path / "export.jsonl", tmp_path / "anchors.jsonl"
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in an_export())
    file.write_text(text, encoding="utf-8")

    def run(*given: str) -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr(sys, "argv", ["verify_audit.py", *given])
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        code, printed = verify_audit.main(), capsys.readouterr()
        return code, json.loads(printed.out or json.dumps({"says": printed.err}))

    held = {"entries": 6, "ok": True, "first_bad": None}
    assert run(str(file)) == (0, held)
    assert run("-") == (0, held)
    anchors.write_text(json.dumps({"sequence": 6, "hash": "another"}), encoding="utf-8")
    for source in (str(file), "-"):
        code, answer = run(source, "--anchors", str(anchors))
        assert (code, answer["first_bad"]["reason"]) == (1, "the anchor does not match this entry")
    anchors.write_text("rubbish", encoding="utf-8")
    assert run(str(file), "--anchors", str(anchors)) == (
        2,
        {"says": "cannot be verified: ValueError: a line of the anchors cannot be read\n"},
    )


def test_its_help_says_what_each_file_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["verify_audit.py", "--help"])
    with pytest.raises(SystemExit) as ended:
        verify_audit.main()
    printed = capsys.readouterr().out
    assert ended.value.code == 0
    assert "Verifies an exported audit chain." in printed
    assert "the export; - is standard input" in printed
    assert "a file of anchors that was stored elsewhere" in printed


def test_a_byte_that_is_no_text_is_a_fault_of_its_line_and_not_of_the_verifier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "export.jsonl"
    lines = [json.dumps(line).encode() for line in an_export()]
    file.write_bytes(b"\n".join([*lines[:3], lines[3].replace(b"test", b"te\xffst"), *lines[4:]]))
    monkeypatch.setattr(sys, "argv", ["verify_audit.py", str(file)])
    assert verify_audit.main() == 1
    assert json.loads(capsys.readouterr().out)["first_bad"]["entry"] == 3


def an_export_with_versions(wrote: str | None, versions: str | None) -> list[dict[str, Any]]:
    """One entry whose text has this digest of what it wrote, and whose line has these versions."""
    answer = {"what": "plan"} if wrote is None else {"what": "plan", "wrote": wrote}
    body = audit.canonical(answer)
    hashed = audit.entry_hash(audit.FIRST_PREVIOUS, 1, body)
    line = {"sequence": 1, "previous": audit.FIRST_PREVIOUS, "hash": hashed, "body": body}
    if versions is not None:
        line["versions"] = versions
    return [{"format": verify_audit.FORMAT}, line, {"end": 1, "hash": hashed}]


VERSIONS = '{"answer 1": "abc"}'
DIGEST = hashlib.sha256(VERSIONS.encode()).hexdigest()
ALTERED = {"entry": 1, "reason": "the digests of what it wrote were altered"}


@pytest.mark.parametrize(
    ("wrote", "versions", "first_bad"),
    [
        (DIGEST, VERSIONS, None),
        (DIGEST, None, None),
        (None, None, None),
        (DIGEST, VERSIONS.replace("abc", "abd"), ALTERED),
        ("another", VERSIONS, ALTERED),
        (None, VERSIONS, ALTERED),
    ],
)
def test_the_versions_of_a_line_are_those_of_which_its_text_has_the_digest(
    wrote: str | None, versions: str | None, first_bad: dict[str, Any] | None
) -> None:
    assert verdict(an_export_with_versions(wrote, versions))["first_bad"] == first_bad


@pytest.mark.parametrize(
    ("wrote", "versions", "holds"),
    [(DIGEST, VERSIONS, True), (DIGEST, None, False), (None, None, True)],
)
def test_in_the_record_itself_versions_must_be_there_where_the_text_has_their_digest(
    wrote: str | None, versions: str | None, holds: bool
) -> None:
    line = an_export_with_versions(wrote, versions)[1]
    chain = verify_audit.Chain()
    assert chain.follow(1, line["previous"], line["hash"], line["body"])
    assert chain.names_versions(line["body"], versions, must_be_there=True) is holds
    assert chain.first_bad == (None if holds else ALTERED)


def test_a_chain_that_ends_in_another_entry_is_another_one() -> None:
    assert verdict([*an_export(3)[:-1], {"end": 3, "hash": "another"}])["first_bad"] == {
        "entry": 3,
        "reason": "the chain does not match the end line",
    }


@given(st.data())
def test_no_single_change_of_one_character_goes_unseen(data: st.DataObject) -> None:
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in an_export(3))
    first_line = text.index("\n")
    place = data.draw(st.integers(first_line + 1, len(text) - 1))
    other = data.draw(st.characters(codec="utf-8", exclude_characters=text[place] + "\n\r\t "))
    forged = text[:place] + other + text[place + 1 :]
    if [json_or_none(line) for line in forged.split("\n")] == [json_or_none(x) for x in text.split("\n")]:
        return  # another way to write the same, for instance the case of an escape
    assert not verify_audit.verify_lines(forged.split("\n"))["ok"]


def json_or_none(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def test_it_runs_alone_on_a_bare_python_and_says_by_its_exit_code(tmp_path: Path) -> None:
    alone = tmp_path / "verify_audit.py"
    alone.write_bytes(VERIFIER.read_bytes())
    file, anchors = tmp_path / "export.jsonl", tmp_path / "anchors.jsonl"
    export = an_export()

    def run(*given: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(alone), str(file), *given]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    file.write_text("\n".join(json.dumps(line) for line in export), encoding="utf-8")
    anchors.write_text(json.dumps({"sequence": 6, "hash": export[6]["hash"], "at": "2026-03-02"}))
    process = run("--anchors", str(anchors))
    assert (process.returncode, json.loads(process.stdout)["ok"]) == (0, True)
    file.write_text("\n".join(json.dumps(line) for line in altered(export)), encoding="utf-8")
    process = run()
    assert (process.returncode, json.loads(process.stdout)["first_bad"]["entry"]) == (1, 3)
    file.unlink()
    assert run().returncode == 2


def test_its_hash_is_the_one_of_the_record() -> None:
    assert verify_audit.entry_hash("a" * 64, 7, "body é") == audit.entry_hash("a" * 64, 7, "body é")
    assert verify_audit.FIRST_PREVIOUS == audit.FIRST_PREVIOUS


def test_an_entry_whose_text_only_mentions_the_name_of_the_digest_needs_no_versions() -> None:
    for body in ({"what": "wrote"}, {"wrote": 5}):
        assert verify_audit.Chain().names_versions(audit.canonical(body), None, must_be_there=True)


def test_versions_of_an_entry_whose_text_is_no_object_are_altered_ones() -> None:
    assert not verify_audit.Chain().names_versions('["wrote"]', VERSIONS)
