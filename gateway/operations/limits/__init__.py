"""What a document may be, checked before it is validated."""
