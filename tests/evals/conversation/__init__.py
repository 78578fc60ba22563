"""The conversation benchmark: scenarios played through the real bridge core on a virtual clock."""
