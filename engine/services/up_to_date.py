"""What an installation brings up to date in a record whose tables already are: the vault, forms, links."""

from __future__ import annotations

from engine.services.context import VaultContext
from engine.services.identity_forms import fill_forms
from engine.services.link_record import refresh_links
from engine.services.vault_keys import prepare_vault


def bring_up_to_date(context: VaultContext) -> None:
    """Seal what lies unsealed, and make the forms and links that older rows lack. Safe to run again."""
    prepare_vault(context)
    fill_forms(uow=context.uow, clock=context.clock)
    refresh_links(context)
