"""Health: the minimum that a panel needs, from the service's own extract; no diagnosis and no score."""
