"""Staff home: my to-dos, school and district boards."""
