"""New books (新建换届数据): what can be known of a cycle before anybody has typed anything."""
