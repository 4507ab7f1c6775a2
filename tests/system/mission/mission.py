"""What the scenarios of the mission share: the folder above on the path, with its harness and cities."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
