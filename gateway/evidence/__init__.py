"""Evidence of what was released, to whom and for what."""
