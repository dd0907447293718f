"""Validating a workspace: which of it, beside what, and what need not be looked at again."""
