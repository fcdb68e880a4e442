"""Counts the faults of whole data sets, so that a bureau hears of rows that no request would find."""
