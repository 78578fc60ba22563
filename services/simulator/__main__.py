"""`python -m services.simulator`: play a scripted call, run one tool, or ring a deployment."""

import sys

from services.simulator.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
