"""What the receptionist does about what she has heard: notes, questions, tools, sentences."""
