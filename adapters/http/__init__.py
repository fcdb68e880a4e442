"""Reads bureaus that answer signed HTTP requests."""
