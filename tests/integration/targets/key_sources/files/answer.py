# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command on a terminal and answers its question with what standard input has.

answer.py QUESTION COMMAND...; prints what the terminal showed.
"""

from __future__ import annotations

import os
import pty
import sys


def main() -> int:
    answer = sys.stdin.readline().strip()
    question, *command = sys.argv[1:]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    shown = b""
    asked = False
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # the command has ended
            break
        if not data:
            break
        shown += data
        if not asked and question.encode() in shown:
            asked = True
            os.write(terminal, answer.encode() + b"\n")
    sys.stdout.write(shown.decode(errors="replace"))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
