"""Comparing what is held: equal folders give nothing, and the smallest difference is shown."""

from __future__ import annotations

from pathlib import Path

from benchmarks.held.comparing import differences


def folder(place: Path, **files: str) -> Path:
    """A folder of these files; two underscores in a name stand for a folder below."""
    place.mkdir()
    for name, text in files.items():
        file = place / name.replace("__", "/")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    return place


def test_two_equal_folders_do_not_differ(tmp_path: Path) -> None:
    before, after = (folder(tmp_path / name, a="1\n2\n", b__c="3\n") for name in ("before", "after"))
    assert not list(differences(before, after))


def test_the_last_digit_of_a_figure_is_a_difference_and_its_line_is_shown(tmp_path: Path) -> None:
    before = folder(tmp_path / "before", b__f1="pairs 4\nf1 0.9999999999999998\n", same="1")
    after = folder(tmp_path / "after", b__f1="pairs 4\nf1 0.9999999999999999\n", same="1")
    assert list(differences(before, after)) == [
        "b/f1: line 2, 1 in all\n  - f1 0.9999999999999998\n  + f1 0.9999999999999999"
    ]


def test_a_file_that_only_one_folder_has_is_a_difference(tmp_path: Path) -> None:
    before, after = folder(tmp_path / "before", old="1"), folder(tmp_path / "after", new="1")
    assert list(differences(before, after)) == [
        "new: was not written before",
        "old: is no longer written",
    ]
    assert list(differences(tmp_path / "not there", after)) == ["new: was not written before"]


def test_an_added_line_is_shown_with_how_many_lines_there_were(tmp_path: Path) -> None:
    before, after = folder(tmp_path / "before", a="1\n2"), folder(tmp_path / "after", a="1\n2\n3")
    assert list(differences(before, after)) == ["a: line 3, 1 in all; 2 lines before, 3 now\n  + 3"]


def test_of_a_long_line_what_is_around_the_difference_is_shown(tmp_path: Path) -> None:
    before = folder(tmp_path / "before", a="x" * 5_000 + "old" + "y" * 5_000)
    after = folder(tmp_path / "after", a="x" * 5_000 + "new" + "y" * 5_000)
    [shown] = differences(before, after)
    assert "xold" in shown
    assert "xnew" in shown
    assert len(shown) < 600


def test_another_end_of_line_is_a_difference(tmp_path: Path) -> None:
    before, after = folder(tmp_path / "before", a="1\n"), folder(tmp_path / "after", a="1\r\n")
    assert len(list(differences(before, after))) == 1
