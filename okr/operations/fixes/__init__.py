"""Fixes of what the rules find: proposed one a module by family, and applied together."""
