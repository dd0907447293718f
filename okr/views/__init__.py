"""What results look like: tables, trees, charts, JSON. Each view turns one result into text or renderables.

Views decide nothing and change nothing.
"""

from __future__ import annotations
