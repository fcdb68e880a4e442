"""The errors of reading a bureau.

Every error names the bureau and, if there is one, the data set. No error contains a key, a value or the
bureau's own message, because these can contain identity numbers.
"""


class BureauError(Exception):
    """A read of a bureau failed; `code` is the stable code that callers see."""

    code = "BUREAU_ERROR"

    def __init__(self, bureau: str, dataset: str | None = None, reason: str = "") -> None:
        self.bureau = bureau
        self.dataset = dataset
        self.reason = reason
        super().__init__(bureau, dataset, reason)

    def __str__(self) -> str:
        where = self.bureau if self.dataset is None else f"{self.bureau}.{self.dataset}"
        return f"{self.code} {where}" + (f": {self.reason}" if self.reason else "")


class BureauUnavailable(BureauError):
    """The gateway could not connect to the bureau, or the connection broke."""

    code = "BUREAU_UNAVAILABLE"


class BureauTimedOut(BureauError):
    """The bureau did not answer before the deadline."""

    code = "BUREAU_TIMED_OUT"


class BureauRefused(BureauError):
    """The bureau refused the read because of the login, signature, quota or permission."""

    code = "BUREAU_REFUSED"


class ContractBroken(BureauError):
    """The bureau's answer is not what the dataset declares; `rows` counts the broken rows, 0 for the whole answer."""

    code = "BUREAU_CONTRACT_BROKEN"

    def __init__(self, bureau: str, dataset: str | None = None, reason: str = "", rows: int = 0) -> None:
        super().__init__(bureau, dataset, reason)
        self.rows = rows


class OverBudget(BureauError):
    """The read has more keys or rows than one round trip allows."""

    code = "BUREAU_OVER_BUDGET"
