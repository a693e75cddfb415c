"""Authority (权限): a gate opens for the signatures that the pack asks for, and for no others."""
