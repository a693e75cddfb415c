"""The checks: pure functions over data frames, one for each rule, registered by its code."""
