"""What leaves: rows become the answer that the masked plan describes, and nothing else does.

`projection` is the fast way, compiled with the plan, for a request in which nothing was denied and every
read succeeded. `walk` is the careful way, which adds an error with a path for each field that is missing.
Both give the same answer where both apply; a property test holds them together.
"""
