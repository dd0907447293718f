"""What changed in goals between two states of a workspace."""
