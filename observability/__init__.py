"""Metrics, spans, log lines and the record of decisions.

The other rooms hand events to `Hooks`; back-ends turn events into spans, metrics and lines. This room calls no
other room. An event contains no value of a field, no key and no identity number.
"""
