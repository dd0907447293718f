"""Closing a cycle: grades and lessons, and looking back on them."""
