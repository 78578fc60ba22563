"""What the office does with its visits and crews, whoever asks: a command, or its page."""
