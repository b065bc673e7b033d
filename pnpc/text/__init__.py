"""Texts and positions: sources, nodes, places, diagnostics, edits. Nothing here is about LINE."""
