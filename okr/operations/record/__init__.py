"""What the logs and git's history say of each check-in: which commit brought its line, and what became of it."""
