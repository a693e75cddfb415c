"""Days of a cycle: what each gate says at the end of each, written from law and calendar."""
