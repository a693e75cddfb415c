"""Tests of more than one machine: what is shipped to run on them, and running on them."""
