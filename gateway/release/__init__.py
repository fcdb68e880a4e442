"""What leaves beside the rows: cursors, released statistics, error entries and warnings.

The masked plan itself turns rows into the answer. `resolvers.plan.project_compiled` does it for a request in which
nothing was denied and every read succeeded; `resolvers.plan.project_with_errors` adds an error with a path for each field
that is missing. Both give the same answer where both apply; a property test holds them together.
"""
