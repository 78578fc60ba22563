"""Infrastructure as code: `python -m infra.app` makes the stacks of one stage."""

import os

# Node 20 still runs CDK; the banner about its end of life would bury what an operator must read.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
