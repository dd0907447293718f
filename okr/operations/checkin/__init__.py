"""Check-ins: what is typed, sent or asked for, as lines of logs in one commit; and lines that take them back."""
