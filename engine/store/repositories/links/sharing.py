"""Shares of saved searches and maps, as their steps leave them. Decides nothing."""

from __future__ import annotations

from sqlmodel import Session, col

from engine.domain.accounts.acting import Role
from engine.domain.links.sharing import LinkShare, ShareAct
from engine.store.granting import proven, with_check
from engine.store.tables.links.maps import LinkShareRow


class LinkShares:
    """Store of shares."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def store(self, share: LinkShare) -> None:
        """Store a step."""
        fields = share.model_dump()
        fields |= {"act": share.act.value, "owner_role": share.owner_role.value}
        self._session.add(LinkShareRow(**fields))
        self._session.flush()

    def by(self, owner: str) -> tuple[LinkShare, ...]:
        """Return what this user shares now, oldest first."""
        return self._current(LinkShareRow.owner, owner)

    def received_by(self, recipient: str) -> tuple[LinkShare, ...]:
        """Return what is shared with this user now, oldest first."""
        return self._current(LinkShareRow.recipient, recipient)

    def _current(self, column: str, user: str) -> tuple[LinkShare, ...]:
        rows = self._session.connection().execute(
            with_check(LinkShareRow).where(col(column) == user).order_by(col(LinkShareRow.id))
        )
        current: dict[tuple[str, str], LinkShare] = {}
        for row in proven(self._session, LinkShareRow, rows):
            share = LinkShare(
                item=row.item,
                act=ShareAct(row.act),
                owner=row.owner,
                owner_role=Role(row.owner_role),
                owner_agency=row.owner_agency,
                recipient=row.recipient,
                at=row.at,
            )
            key = (share.item, share.recipient)
            if share.act is ShareAct.OPENED:
                # It may be stored after the end of the share that was opened, and changes only what is new.
                before = current.get(key)
                if before is None or not before.act.is_shared:
                    continue
                share = before.model_copy(update={"act": ShareAct.OPENED})
            current[key] = share
        return tuple(share for share in current.values() if share.act.is_shared)
