"""What the agent claims in its own words, and whether the tools of this call bear it out.

`read` is the door: a sentence, what is known, and the caller's last words give judged claims.
"""
