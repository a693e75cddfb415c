"""What officers do: sign, refuse, waive, withdraw, and hold the keys with which they do it."""
