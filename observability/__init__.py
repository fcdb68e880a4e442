"""Watches, and is told; it asks nothing.

The other rooms tell what happened through `Hooks` with frozen event objects. Back-ends turn events into
spans, metrics and log lines. No event carries a value, a key or an identity number.
"""
