"""What exists, as data: bureaus' declarations, classes, identifiers, incentives."""
