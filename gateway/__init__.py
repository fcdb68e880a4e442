"""Who may ask, for what purpose, and what leaves.

The rooms in the order in which a request passes them: `identity`, `operations`, `authorization`,
`planning`, then `resolvers` (fetch and join), and `release`. `edge` speaks HTTP and GraphQL over HTTP.
"""
