"""The report as a static site: pages that open from disk, need no server and no network, and keep their text as text."""
