"""Quarterly releases: tables over all cases, what of them may go out, and the attack on all of it. Pure."""
