"""``python -m qingqu.site.demo FOLDER``: the demo district's records and their truth table, written into a mart."""

import sys
from pathlib import Path

from qingqu.site.demo.evaluate import SCORING_SEED
from qingqu.site.demo.mart import build_mart

if __name__ == "__main__":
    build_mart(Path(sys.argv[1]), seed=SCORING_SEED)
