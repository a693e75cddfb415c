"""The served system in a real browser, as its coordinators have it before them."""
