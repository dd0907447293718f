"""Exchanging commits with a remote, and what may stand in the way."""
