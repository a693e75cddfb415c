"""The desk (办理台): live pages where people see what waits for them, look at it, and sign it."""
