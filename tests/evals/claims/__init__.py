"""Claims in an agent's free words, graded."""
