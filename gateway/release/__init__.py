"""What leaves beside the rows: cursors, released statistics, error entries and warnings.

The masked plan itself turns rows into the answer, in `resolvers.plan.projection`: by a compiled function where nothing
was denied and every read succeeded, and else by a walk that adds an error with a path for each field that is missing.
Both give the same answer where both apply; a property test holds them together.
"""
