"""Nothing connects to anything but this machine: seen from outside, by system calls."""
