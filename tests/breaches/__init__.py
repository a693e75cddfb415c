"""What the law forbids: cases that must close a gate, by the right check."""
