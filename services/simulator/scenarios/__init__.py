"""The scripted calls, one TOML file each, and what reads them."""
