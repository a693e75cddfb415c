"""Tests of replaying past decisions and of asking what another pack would have decided."""
