"""What an installation brings up to date in a record whose tables already are: the vault, forms, links."""

from __future__ import annotations

from engine.access.sealing import VaultKeys
from engine.clock import Clock
from engine.domain.acting import flow_acting
from engine.services.identity_forms import fill_forms
from engine.services.link_record import refresh_links
from engine.services.vault import VaultKey
from engine.services.vault_keys import prepare_vault
from engine.store.unit_of_work import UnitOfWork


def bring_up_to_date(*, uow: UnitOfWork, clock: Clock, keys: VaultKeys, key: VaultKey) -> None:
    """Seal what lies unsealed, and make the forms and links that older rows lack. Safe to run again."""
    prepare_vault(uow=uow, clock=clock, keys=keys)
    fill_forms(uow=uow, clock=clock)
    refresh_links(
        uow=uow, clock=clock, acting=flow_acting("bring the record up to date", "operator"), key=key
    )
