"""Which codings of a body a client takes."""


def accepted_codings(header: str) -> set[str]:
    """Return the codings that an Accept-Encoding header names and does not refuse (RFC 9110 section 12.5.3)."""
    parts = [each.partition(";") for each in header.lower().split(",")]
    return {name.strip() for name, _, weight in parts if weight.replace(" ", "").rstrip("0.") != "q="}
