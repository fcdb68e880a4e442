"""A bureau that answers signed HTTP requests."""
