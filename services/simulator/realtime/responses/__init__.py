"""What the agent's answers become: items, events, sound at a pace, and token counts."""
