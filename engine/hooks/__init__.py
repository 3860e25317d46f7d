"""The plugin contract. What an agency's developer needs is here; the registry is in ``registry``."""

from engine.hooks.markers import hookimpl
from engine.hooks.records import AgencyRecords, RecordsFault, RecordsUnreadableError, once_per_extract

__all__ = ["AgencyRecords", "RecordsFault", "RecordsUnreadableError", "hookimpl", "once_per_extract"]
