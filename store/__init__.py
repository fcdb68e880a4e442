"""What is the gateway's own, in a PostgreSQL database of its own: later evidence, consents and objections.

The room is empty: it holds the connection, transactions and the versioned migrations that what comes will need.
It is the only room beside adapters that speaks to PostgreSQL, and it knows no GraphQL and no caller.
"""
