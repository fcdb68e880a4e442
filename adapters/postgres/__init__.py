"""Reads bureaus that share views of a PostgreSQL database."""
