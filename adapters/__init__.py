"""Where a bureau's data lives, and how the gateway reads it.

This room knows data sets, columns, keys and deadlines. It knows neither GraphQL nor callers; a purpose is an
opaque tag that it sends on to the bureau.
"""
