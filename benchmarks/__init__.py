"""The gateway beside what one would write by hand and what one would take from the shelf, in one run."""
