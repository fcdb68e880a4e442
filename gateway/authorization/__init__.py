"""Which fields a purpose may read: decided once for an operation, before any bureau is touched."""
