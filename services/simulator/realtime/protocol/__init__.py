"""What clients and server may say to each other, as the GA reference has it."""
