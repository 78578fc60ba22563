"""Texts that come in, a module for each kind."""
