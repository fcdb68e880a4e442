"""Where a bureau's data lives and how it is read.

This room knows datasets, columns, keys and deadlines. It knows nothing of GraphQL or of callers; a
purpose is an opaque tag that is handed on to the bureau.
"""
