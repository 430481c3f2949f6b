# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One received request, in the parts that AWS looks at."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from sandbox.aws.errors import AwsError

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

# What the header x-amz-target begins with, by service.
_TARGETS = {"secretsmanager": "secretsmanager", "TrentService": "kms"}
_IAM_VERSION = "2010-05-08"
_LARGEST_BODY = 1_000_000


@dataclass(frozen=True)
class Request:
    """`headers` have lower-case names; `target` is path and query as they were sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @classmethod
    def receive(cls, environ: WSGIEnvironment) -> Request:
        headers = {
            name[5:].replace("_", "-").lower(): text
            for name, text in environ.items()
            if name.startswith("HTTP_")
        }
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if environ.get(name):
                headers[name.replace("_", "-").lower()] = environ[name]
        length = min(int(environ.get("CONTENT_LENGTH") or 0), _LARGEST_BODY)
        body: bytes = environ["wsgi.input"].read(length) if length else b""
        query = environ.get("QUERY_STRING", "")
        path = environ.get("PATH_INFO", "") or "/"
        return cls(environ["REQUEST_METHOD"], f"{path}?{query}" if query else path, headers, body)

    @property
    def is_form(self) -> bool:
        """STS and IAM read forms; the others read JSON and name the action in a header."""
        return "x-amz-target" not in self.headers

    @property
    def service(self) -> str:
        """By the name that signatures and permissions have for it."""
        prefix = self.headers.get("x-amz-target", "").partition(".")[0]
        if self.is_form:
            return "iam" if self.params().get("Version") == _IAM_VERSION else "sts"
        return _TARGETS.get(prefix, prefix)

    @property
    def action(self) -> str:
        if self.is_form:
            return str(self.params().get("Action", ""))
        return self.headers["x-amz-target"].partition(".")[2]

    def params(self) -> dict[str, Any]:
        if self.is_form:
            return dict(parse_qsl(self.body.decode("utf-8", "replace")))
        try:
            params = json.loads(self.body or b"{}")
        except ValueError:
            raise AwsError("SerializationException", "The body is not JSON.") from None
        if not isinstance(params, dict):
            raise AwsError("SerializationException", "The body is not a JSON object.")
        return params
