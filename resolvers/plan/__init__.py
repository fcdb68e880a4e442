"""Which bureau, which columns, by which keys, in which order: compiled once for a document."""
