"""Adding single things to the files they belong in: what they say, which id they get, where they go."""
