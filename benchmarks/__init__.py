"""Measures the gateway beside endpoints written by hand and stock libraries, in one run."""
