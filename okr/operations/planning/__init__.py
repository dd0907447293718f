"""Planning a cycle: opened, filled from the one before, questioned, checked and started."""
