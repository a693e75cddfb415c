"""What the law allows: cases that every gate up to theirs must let pass."""
