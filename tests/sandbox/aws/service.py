# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS service of the sandbox."""

from __future__ import annotations

import io
import json
import logging
import re
import threading
import uuid
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from moto.core.utils import utcnow
from moto.kms.models import kms_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.secretsmanager.models import secretsmanager_backends
from moto.sts.models import sts_backends
from werkzeug.test import run_wsgi_app

from sandbox.aws import contents, corrections, errors, rules, simulator
from sandbox.aws.errors import AwsError
from sandbox.aws.identities import (
    FULL,
    WRITES,
    Principal,
    check_rights,
    check_session_token,
    check_trust,
    make_users,
    unknown_credentials,
)
from sandbox.aws.request import Request
from sandbox.aws.signature import Claim, read_claim, verify
from sandbox.service import Entry, InjectedFault, Journal

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_LOG = logging.getLogger("sandbox.aws")
# moto repeats in its messages what only the SDK would add.
_SDK_PREFIX = re.compile(r"^An error occurred \(\w+\) when calling the \w+ operation: ")
Answer = tuple[int, str, bytes]  # status, content type, body


class AwsService:
    """Secrets Manager in every region, and the parts of STS, IAM and KMS that go with it.

    moto keeps its state in the process: two instances at a time would share their secrets.
    """

    name = "aws"
    hosts = (
        "secretsmanager.*.amazonaws.com",
        "kms.*.amazonaws.com",
        "sts.*.amazonaws.com",
        "sts.amazonaws.com",
        "iam.amazonaws.com",
    )

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._moto = DomainDispatcherApplication(create_backend_app)
        users = make_users()
        self._users = {user.access_key: user for user in users.values()}
        self.identities = {name: user.options() for name, user in users.items()}
        self.app = self._serve
        self.reset()

    def reset(self) -> None:
        with self._lock:
            for backends in (secretsmanager_backends, sts_backends, kms_backends):
                for account in backends.values():
                    account.reset()

    def contents(self) -> list[Entry]:
        with self._lock:
            return [
                contents.describe(secret)
                for account in secretsmanager_backends.values()
                for backend in account.values()
                for secret in corrections.secrets_of(backend.secrets)
            ]

    def _serve(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request.receive(environ)
        headers: dict[str, str] = {}
        try:
            status, content_type, body = self._answer(request, environ)
        except AwsError as error:
            status, content_type, body = _render(request, error)
        except InjectedFault as injected:
            fault = injected.fault
            code = fault.code or errors.usual_code(fault.status)
            _status, content_type, body = _render(
                request, AwsError(code, fault.message, fault.status)
            )
            status, headers = fault.status, dict(fault.headers)
        except Exception as crash:
            # The class only: its text may hold what the request held.
            _LOG.error("%s crashed: %s", request.action, type(crash).__name__)
            status, content_type, body = _render(request, _internal_error())
        headers |= {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            "x-amzn-RequestId": str(uuid.uuid4()),
        }
        start_response(f"{status} {_phrase(status)}", list(headers.items()))
        return [body]

    def _answer(self, request: Request, environ: WSGIEnvironment) -> Answer:
        claim = read_claim(request)
        principal = self._principal(request, claim)
        verify(request, claim, principal.secret_key)
        action, params = request.action, request.params()
        if action not in FULL:
            raise AwsError("UnknownOperationException", f"{action!r} is not known to the sandbox.")
        named = (params.get(name) for name in ("SecretId", "Name", "RoleArn", "KeyId"))
        resource = next((name for name in named if name), "")
        check_rights(principal, claim.service, action, str(resource))
        if action == "AssumeRole":
            check_trust(principal, str(resource), params.get("ExternalId"))
        self._journal.enter(self.name, action, write=action in WRITES)
        if action == "GetCallerIdentity":
            return 200, errors.XML_TYPE, _caller_identity(principal)
        if action == "SimulatePrincipalPolicy":
            return 200, errors.XML_TYPE, simulator.answer(params, self._users.values())
        with self._lock:
            if request.service != "secretsmanager":
                return self._other_service(request, environ)
            return self._secrets_manager(request, environ, principal, claim.region)

    def _principal(self, request: Request, claim: Claim) -> Principal:
        principal = self._users.get(claim.access_key) or self._role_session(claim.access_key)
        if principal is None:
            raise unknown_credentials()
        check_session_token(principal, request.headers.get("x-amz-security-token"))
        return principal

    def _role_session(self, access_key: str) -> Principal | None:
        """Whoever could assume a role has all rights in it."""
        with self._lock:
            for account in sts_backends.values():
                role = account["aws"].get_assumed_role_from_access_key(access_key)
                if role and role.expiration < utcnow():
                    raise AwsError(
                        "ExpiredTokenException",
                        "The security token included in the request is expired",
                    )
                if role:
                    return Principal(
                        arn=role.arn,
                        user_id=role.user_id,
                        access_key=access_key,
                        rights=FULL,
                        secret_key=role.secret_access_key,
                        session_token=role.session_token,
                    )
        return None

    def _secrets_manager(
        self, request: Request, environ: WSGIEnvironment, principal: Principal, region: str
    ) -> Answer:
        action, params = request.action, request.params()
        backends = secretsmanager_backends[principal.account]
        if region not in backends:
            raise AwsError(
                "InvalidSignatureException",
                f"Credential should be scoped to a valid region, not '{region}'. ",
            )
        store = backends[region].secrets
        rules.check(action, params)
        corrections.refuse(action, params, store)
        status, _headers, body = self._call_moto(request, environ)
        reply: dict[str, Any] = json.loads(body)
        if status >= 500:
            raise _internal_error()
        if status >= 400:
            message = _SDK_PREFIX.sub("", " ".join(reply["message"].split()))
            raise AwsError(reply["__type"], message)  # moto says 404 where AWS says 400
        corrections.mend(action, params, store, reply)
        return status, errors.JSON_TYPE, json.dumps(reply).encode()

    def _other_service(self, request: Request, environ: WSGIEnvironment) -> Answer:
        """moto's answer as it is; KMS's errors lack a type that the SDK would know."""
        status, content_type, body = self._call_moto(request, environ)
        if request.service == "kms" and status >= 400:
            error = json.loads(body)
            raise AwsError(error["__type"], error.get("message", ""))
        return status, content_type, body

    def _call_moto(self, request: Request, environ: WSGIEnvironment) -> Answer:
        inner = {**environ, "wsgi.input": io.BytesIO(request.body)}
        chunks, status, headers = run_wsgi_app(self._moto, inner, buffered=True)
        return int(status.split()[0]), headers.get("Content-Type", ""), b"".join(chunks)


def _render(request: Request, error: AwsError) -> Answer:
    if request.is_form:
        return errors.sts_status(error), errors.XML_TYPE, errors.sts_body(error)
    return error.status, errors.JSON_TYPE, errors.json_body(error)


def _internal_error() -> AwsError:
    return AwsError("InternalServiceError", "An error occurred on the server side.", 500)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _caller_identity(principal: Principal) -> bytes:
    """moto knows nothing of our users."""
    return (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
        f"<GetCallerIdentityResult><Arn>{escape(principal.arn)}</Arn>"
        f"<UserId>{escape(principal.user_id)}</UserId>"
        f"<Account>{principal.account}</Account></GetCallerIdentityResult>"
        f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
        "</GetCallerIdentityResponse>"
    ).encode()
