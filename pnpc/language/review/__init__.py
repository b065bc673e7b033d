"""The layout of a flexible message as a reviewer has seen it, and how a spec differs from it."""
