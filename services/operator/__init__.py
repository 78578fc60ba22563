"""What an operator asks of a stage that answers calls: which there were, and one call's story."""
