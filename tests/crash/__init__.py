"""Power cuts, full disks and failing disks at every system call that changes a file.

Rules: a process is killed, or its call fails, from outside (strace), where the kernel would; what
was acknowledged is there afterwards, nothing is there twice or by half, and the same command run
again ends where a run without a fault ends.
"""
