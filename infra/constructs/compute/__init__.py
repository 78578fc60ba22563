"""What runs our code: the bridge's tasks, the functions and their zips, the schedules."""
