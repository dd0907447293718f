"""What `okr tui` shows: one module a part of the screen. It asks a desk for everything, and decides nothing."""
