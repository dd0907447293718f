"""Is the record trustworthy: what git's history says of logs and plans, gathered, judged and kept."""
