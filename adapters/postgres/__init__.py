"""A bureau that shares its data in a PostgreSQL database."""
