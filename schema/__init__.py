"""What can be asked: types, scalars, enums and the classification of every field. Declarations only."""
