"""Where things are written: sources, nodes with positions, places, diagnostics, edits. Knows nothing of LINE."""
