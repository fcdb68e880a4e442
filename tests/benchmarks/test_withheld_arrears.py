"""The figure of withheld records is about records that are there, are withheld, and are gone after it."""

from __future__ import annotations

import asyncpg

from benchmarks.databases import SESSION
from benchmarks.silence import DECISION_NUMBER, withheld_arrears
from benchmarks.standing import state_of
from sandbox.city import RunningCity
from sandbox.enterprises import credit_code
from sandbox.load import run_apart


def states_written(city: RunningCity) -> list[str]:
    """Return the states of the arrears that the figure wrote."""

    async def read() -> list[str]:
        connection = await asyncpg.connect(city.dsns["social_security"], server_settings=SESSION)
        rows = await connection.fetch(
            f"SELECT {state_of('social_security.insurance_arrears')} FROM share.insurance_arrears"  # noqa: S608 our own
            " WHERE determination_number = $1",
            DECISION_NUMBER,
        )
        await connection.close()
        return [state for (state,) in rows]

    return run_apart(read)


def test_the_arrears_that_are_measured_do_not_stand_and_are_deleted(city: RunningCity):
    """The benchmark writes the cleared arrears before it measures, and deletes all of them afterwards."""
    codes = [credit_code(city.city, number) for number in range(2)]
    with withheld_arrears(city, codes, 5):
        assert states_written(city) == ["REPAIRED"] * 10
    assert states_written(city) == []
