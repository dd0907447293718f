"""What an editor is told of a file: findings' fixes, completion, facts, places and names."""
