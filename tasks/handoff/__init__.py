"""Hand-offs: what a stage gives the next, validated when it leaves and when it is received."""
