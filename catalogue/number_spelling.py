"""The spelling of numbers that organs and platforms give: of cases, documents and authorisations."""

import unicodedata


def fold_number(text: str) -> str:
    """Return the text in which two spellings of one number are equal: full-width digits and brackets are plain (NFKC)."""
    return unicodedata.normalize("NFKC", text)
