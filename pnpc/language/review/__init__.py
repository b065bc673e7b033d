"""The layout of a flexible message as a review has seen it, and what differs from that."""
