"""What composition refuses: one module a check."""
