"""The synthetic city: people, enterprises and six bureaus that exist nowhere, marked as synthetic."""
