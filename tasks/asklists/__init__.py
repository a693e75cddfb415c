"""Ask lists (待补清单): what gates still want, as workbooks to fill in and hand in."""
