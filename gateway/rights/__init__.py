"""Rights of the persons and enterprises whose data is read: the subject gate, and commands."""
