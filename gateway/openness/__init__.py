"""What the installation says of itself to everybody, without a token."""
