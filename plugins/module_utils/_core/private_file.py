# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that hold secrets: read with care, and refused where others could read or change them."""

from __future__ import annotations

import codecs
import os
import stat

from .errors import ConfigurationError

# Far more than any key or list of connections, and far less than would do harm to read.
_MAX_BYTES = 65536
_GROUP = stat.S_IRWXG
_OTHERS = stat.S_IRWXO


def read_private_file(subject: str, path: str | os.PathLike[str], *, shared: bool = False) -> str:
    """Return the text of the file. subject: its description with the path, for errors.

    The owner must be the user or root. A shared file can have any owner, and its group may read it,
    as is usual for services. Raises ConfigurationError.
    """
    try:
        if "\0" in os.fspath(path):
            raise FileNotFoundError
        # Check the open file before reading it, and do not wait for a pipe.
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            _check(subject, os.fstat(file), shared)
            data = os.read(file, _MAX_BYTES + 1)
        finally:
            os.close(file)
        if len(data) > _MAX_BYTES:
            raise ConfigurationError(
                subject, f"it has more than {_MAX_BYTES} bytes", "correct the path"
            )
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise ConfigurationError(subject, "it is in UTF-16", "save it in UTF-8")
        if b"\0" in data:
            raise ConfigurationError(
                subject, "it is in UTF-16, or is not a text file", "save it in UTF-8"
            )
        # Editors for Windows put a mark first, which belongs to no text.
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(subject, "there is no such file", "correct the path") from None
    except OSError:
        raise ConfigurationError(
            subject, "it cannot be read", "allow the user who runs the task to read it"
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(subject, "it is not a text file", "correct the path") from None


def _check(subject: str, status: os.stat_result, shared: bool) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ConfigurationError(subject, "it is not a regular file", "correct the path")
    if not shared and status.st_uid not in (0, os.geteuid()):
        raise ConfigurationError(
            subject,
            "it belongs to another user",
            "change its owner to the user who runs the task, with chown",
        )
    if status.st_mode & (_OTHERS | (stat.S_IWGRP if shared else _GROUP)):
        raise ConfigurationError(
            subject,
            f"its mode {stat.S_IMODE(status.st_mode):04o} gives rights to others",
            "remove them, for example with chmod 0600",
        )
