"""One scripted call from ringing to its report: played, watched, paid, judged."""
