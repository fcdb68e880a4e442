"""The gateway's HTTP face: the GraphQL endpoint, health, metrics and the explorer, and their life."""
