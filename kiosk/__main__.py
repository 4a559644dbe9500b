"""`python -m kiosk` is `preau`."""

import sys

from kiosk.cli import main

sys.exit(main())
