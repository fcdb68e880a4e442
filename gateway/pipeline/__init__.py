"""The life of a request: a document is prepared once, a request is answered every time."""
