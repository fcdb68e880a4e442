"""The explorer: its page, and what the page asks."""
