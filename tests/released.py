"""Homes of released versions, which every later one must open; `python -m tests.released` makes this one."""

from __future__ import annotations

import tarfile
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.services.referrals.screening import screen
from tests.builders import (
    Desk,
    a_contribution,
    a_desk,
    a_referral,
    a_screening,
    ask_all,
    let_answer,
    with_toys,
)

FOLDER = Path(__file__).parent / "files" / "released"
VERSIONS = sorted(
    file.name.removeprefix("home-").removesuffix(".tar.xz") for file in FOLDER.glob("home-*.tar.xz")
)
NEEDED = ("stac.db", "keys/digest.key", "keys/vault.key")


def released_home(of: str, folder: Path) -> Path:
    """The home of a released version, in this folder."""
    home = folder / of
    home.mkdir(mode=0o700)
    with tarfile.open(FOLDER / f"home-{of}.tar.xz") as tar_file:
        tar_file.extractall(home, filter="data")
    return home


def worked(desk: Desk) -> str:
    """A case with its people, incidents, protected values, a screening and an agency's answer."""
    with_toys(desk)
    let_answer(desk, "harbour", a_contribution())
    reference, _ = desk.refer(a_referral("1"), a_referral("2")).referrals
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    ask_all(desk, reference)
    return reference


def make() -> Path:
    """Make the home of the version that is installed; one that is there stays, for it was released."""
    file = FOLDER / f"home-{version('stac-engine')}.tar.xz"
    with TemporaryDirectory() as place, tarfile.open(file, "x:xz") as tar_file:
        home = Path(place) / "home"
        with a_desk(home) as desk:
            worked(desk)
        for name in NEEDED:
            tar_file.add(home / name, name, filter=_of_nobody)
    return file


def _of_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid, member.gid, member.uname, member.gname, member.mtime = 0, 0, "", "", 0
    return member


if __name__ == "__main__":
    print(make().name)
