"""The time of one read of a bureau."""

import asyncio

import msgspec


class TimeBudget(msgspec.Struct, frozen=True):
    """The time of one read: it ends at `deadline`, and each of its statements takes `longest` seconds at most."""

    deadline: float
    longest: float

    def seconds(self) -> float:
        """Return the seconds for the next statement; raises TimeoutError if none are left."""
        seconds = min(self.longest, self.deadline - asyncio.get_running_loop().time())
        if seconds <= 0:
            raise TimeoutError
        return seconds
