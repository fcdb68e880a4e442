"""The graph: the schema, and the data set behind each of its fields."""
