"""The story of goals: check-ins and changes of plans, newest first, read no further than asked for."""
