"""Acts and decisions that somebody writes straight into the database: each is named."""
