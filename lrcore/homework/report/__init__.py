"""What a teacher and a class get: marks as files, a page for each student, the class at a glance."""
