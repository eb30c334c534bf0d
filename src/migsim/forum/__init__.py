"""What happens when a process meets, and what comes of it."""
