# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that hold secrets: read with care, and refused where others could read or change them."""

from __future__ import annotations

import stat
from pathlib import Path

from .._errors import ConfigurationError

# A group may read it, as the group of a service does; all else is the owner's alone.
_TOO_OPEN = stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH


def read_private_file(subject: str, path: Path) -> str:
    """The text of the file. subject: what it is, with its path, for the errors.

    Raises ConfigurationError.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise ConfigurationError(subject, "it is not a file", "correct the path")
        if mode & _TOO_OPEN:
            raise ConfigurationError(
                subject,
                f"its mode {stat.S_IMODE(mode):04o} lets others read or change it",
                "take their rights away, as chmod 0600 does",
            )
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(subject, "there is no such file", "correct the path") from None
    except OSError:
        raise ConfigurationError(
            subject, "it cannot be read", "allow the user who runs the task to read it"
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(subject, "it is not a text file", "correct the path") from None
