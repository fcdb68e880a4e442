"""The synthetic city: invented persons, enterprises and bureaus, marked as synthetic."""
