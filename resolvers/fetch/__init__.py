"""Reads a masked plan: level by level, in batches that concurrent requests share."""
