"""A record that is backed up, and a home that it is restored into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.runtime import Runtime, open_marked, open_runtime, settings_of
from engine.services.system.backups import BackupMade, back_up
from engine.services.system.restoring import Restored, restore
from tests.builders import Desk


@dataclass(frozen=True)
class Places:
    """The folders of backups and of keys, and the home that is restored into."""

    folder: Path
    keys_folder: Path
    new_home: Path

    @classmethod
    def under(cls, place: Path) -> Places:
        """Make the two folders; the home is not made yet."""
        for name in ("backups", "backup-keys"):
            (place / name).mkdir()
        return cls(place / "backups", place / "backup-keys", place / "new-home")

    def name_in(self, desk: Desk) -> None:
        """Name both folders in the settings of a desk's home."""
        (desk.runtime.settings.home / "settings.toml").write_text(
            f'[backup]\nfolder = "{self.folder}"\nkeys_folder = "{self.keys_folder}"\n'
        )

    def back_up(self, desk: Desk) -> BackupMade:
        """Back a desk's record up."""
        return back_up(
            **desk.common,
            settings=desk.runtime.settings,
            folder=self.folder,
            keys_folder=self.keys_folder,
        )

    def restore(
        self,
        desk: Desk,
        made: BackupMade | None,
        *,
        backup: Path | None = None,
        keys: Path | None = None,
        key: Path | None = None,
        registers: Sequence[Path] | None = (),
        database: str | None = None,
    ) -> Restored:
        """Restore into the new home, with the register of the desk's own home unless another is given."""
        settings = desk.runtime.settings
        if made is not None:
            backup, keys = backup or made.file, keys or made.keys_file
        assert backup is not None
        assert keys is not None
        given = self.environ(database)
        return restore(
            settings=settings_of(given),
            open_marked=partial(open_marked, environ=given, clock=desk.clock),
            backup=backup,
            keys=keys,
            key=key or settings.backup.key_file(settings.home),
            registers=[settings.backup.register_file(settings.home)] if registers == () else registers,
        )

    def opened(self, desk: Desk, database: str | None = None) -> Runtime:
        """Open the restored record."""
        return open_runtime(self.environ(database), clock=desk.clock)

    def environ(self, database: str | None = None) -> dict[str, str]:
        """The environment of the new home, with the address of its database where it is on a server."""
        on_server = {"STAC_DATABASE_URL": database} if database else {}
        return {"STAC_HOME": str(self.new_home), **on_server}
