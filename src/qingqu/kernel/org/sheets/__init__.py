"""The workbook of units, people, posts, appointments and relationships: its shape, reading, checking and writing."""
