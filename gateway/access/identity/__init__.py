"""Who asks? Bearer tokens, verified once and remembered until they expire."""
