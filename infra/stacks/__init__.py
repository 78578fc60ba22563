"""The stacks, cut by how long what is in them has to live."""
