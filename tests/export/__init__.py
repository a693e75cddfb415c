"""Tests of the exports of the gate history."""
