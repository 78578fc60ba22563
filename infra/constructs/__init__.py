"""The parts stacks are made of; at this level what all share: grants, logs, findings."""
