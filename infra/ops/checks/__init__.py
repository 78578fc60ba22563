"""What `make doctor` looks at, by where it looks."""
