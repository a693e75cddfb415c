"""Tests of the checks, one file or more for each stage."""
