"""Starting a workspace: its first files, and those by which CI systems check it and publish its report."""
