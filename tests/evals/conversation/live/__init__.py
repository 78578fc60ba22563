"""Scenarios played with a model behind a key: real sockets, real time, and it is paid."""
