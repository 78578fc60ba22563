"""What the agent claims in its own words, and whether the tools of this call bear it out.

`reader` gives the odds of what a sentence may claim, `read` holds them against what is known.
"""
