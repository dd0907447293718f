"""All that talks to git, a subject a module; `okr.repository` is where most callers begin."""
