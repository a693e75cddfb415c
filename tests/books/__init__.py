"""New books: what can be known of a cycle before anybody has typed anything."""
