"""GraphQL over HTTP: what a request is, which media types are spoken, and how an answer leaves."""
