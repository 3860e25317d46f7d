"""Repositories: domain objects in, domain objects out; rows and sessions never leave."""
