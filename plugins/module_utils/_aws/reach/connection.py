# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach AWS: options, and the boto3 client that they describe."""

from __future__ import annotations

import copy
import math
import os
import re
import threading
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from ..._core.argspec import ArgumentSpec
from ..._core.credentials import check_environment_variables
from ..._core.endpoint import Endpoint
from ..._core.errors import ConfigurationError
from ..._core.limits import CALL_SECONDS, LIMITS_SPEC, MAX_ATTEMPTS, check_limits
from ..._core.operation import Params, Requirement
from ..._core.trust import check_bundle, trusted_authorities
from ..errors.answers import refuse_wrong_answers
from ..errors.errors import SOURCE, aws_errors, credential_errors
from ..errors.sources import CredentialSource, MfaPromptError, named_profile, source_of
from ..place import REGION
from .retries import limit_retries

# In the in-process path the controller imports this once, before it forks its workers.
try:
    import boto3
    import botocore.awsrequest
    import botocore.exceptions
    import botocore.hooks
    import botocore.loaders
    import botocore.session
    from botocore.config import Config

    from ..._core.bounded import bounded_pool
except ImportError as error:
    BOTO3 = Requirement("boto3", "https://pypi.org/project/boto3/", error)
else:
    BOTO3 = Requirement("boto3", "https://pypi.org/project/boto3/", None)
    _LOADER = botocore.loaders.create_loader()
    # botocore's own handlers, the same for every session: to be copied, not used.
    _HANDLERS = botocore.hooks.HierarchicalEmitter()
    botocore.session.Session(event_hooks=_HANDLERS)
    _POOLS = {
        scheme: bounded_pool(pool, pool.ConnectionCls)
        for scheme, pool in (
            ("http", botocore.awsrequest.AWSHTTPConnectionPool),
            ("https", botocore.awsrequest.AWSHTTPSConnectionPool),
        )
    }

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

SUBJECT = "AWS connection"

CONNECTION_SPEC = ArgumentSpec(
    options={
        "region": {"type": "str"},
        "profile": {"type": "str"},
        "access_key": {"type": "str", "no_log": False},
        "secret_key": {"type": "str", "no_log": True},
        "session_token": {"type": "str", "no_log": True},
        "assume_role_arn": {"type": "str"},
        "assume_role_external_id": {"type": "str"},
        "assume_role_session_name": {"type": "str", "default": "maia.stripe_query"},
        "assume_role_duration_seconds": {"type": "int", "default": 900},
        "endpoint_url": {"type": "str"},
        "kms_endpoint_url": {"type": "str"},
        "sts_endpoint_url": {"type": "str"},
        "iam_endpoint_url": {"type": "str"},
        "ca_bundle": {"type": "path"},
    },
    required_together=(("access_key", "secret_key"),),
    mutually_exclusive=(("profile", "access_key"),),
    required_by={
        "session_token": ("access_key",),
        "assume_role_external_id": ("assume_role_arn",),
    },
).merge(LIMITS_SPEC)

_ENDPOINTS = {
    "secretsmanager": "endpoint_url",
    "kms": "kms_endpoint_url",
    "sts": "sts_endpoint_url",
    "iam": "iam_endpoint_url",
}
# Which botocore reads itself.
_ENVIRONMENT = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
# How the URL of a service may have been set.
_SOURCES = "AWS endpoint of {} (option, AWS_ENDPOINT_URL or configuration file)"

# That threads may hold at a time; ten by default, and no keep-alive for more.
_MAX_CONNECTIONS = 64

# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


@dataclass(frozen=True)
class AwsConnection:
    """Where and as whom to call AWS; what is None comes from boto3's usual sources.

    max_seconds: of one call; the operation's limit holds as well.
    """

    region: str | None = None
    profile: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    assume_role_arn: str | None = None
    assume_role_external_id: str | None = None
    assume_role_session_name: str = "maia.stripe_query"
    assume_role_duration_seconds: int = 900
    endpoint_url: str | None = None
    kms_endpoint_url: str | None = None
    sts_endpoint_url: str | None = None
    iam_endpoint_url: str | None = None
    ca_bundle: str | None = None
    max_attempts: int = MAX_ATTEMPTS
    max_seconds: int = CALL_SECONDS

    @classmethod
    def from_params(cls, params: Params) -> AwsConnection:
        """Raises ConfigurationError for what AWS would not accept."""
        check_limits(params)
        if params["assume_role_arn"]:
            _check_role(params)
        given = {name: params[name] for name in CONNECTION_SPEC.options}
        for name in _ENDPOINTS.values():
            # What is empty is not given.
            given[name] = _checked_url(f"Option {name}", given[name]) if given[name] else None
        given["max_seconds"] = min(CALL_SECONDS, params["max_seconds"])
        return cls(**given)

    @property
    def place(self) -> str:
        """The same for connections that lead to the same account in the same way; no secret."""
        return repr((self.endpoint_url, self.profile, self.access_key, self.assume_role_arn))

    @property
    def knows_iam(self) -> bool:
        """Whether IAM and STS can be asked: another Secrets Manager may have others of its own."""
        return not self.endpoint_url or bool(self.sts_endpoint_url and self.iam_endpoint_url)

    def open(self) -> AwsClients:
        """Clients with credentials; only what these come from is contacted.

        Raises ConfigurationError, AuthenticationError, NotPermittedError and TransientError.
        """
        with aws_errors(SUBJECT, "", ""):
            clients = AwsClients(self, *self._session())
        return self._in_role(clients) if self.assume_role_arn else clients

    @property
    def lifetime(self) -> float:
        """For how many seconds after open() the clients may be used; those of a role end."""
        return self.assume_role_duration_seconds / 2 if self.assume_role_arn else math.inf

    def _session(self) -> tuple[Any, CredentialSource]:
        """A session that has its credentials, and where they come from."""
        with credential_errors(SUBJECT, named_profile(self.profile)):
            session = _new_session(
                self.ca_bundle,
                profile_name=self.profile,
                # boto3 knows AWS_DEFAULT_REGION only, AWS's other tools this one.
                region_name=self.region or os.environ.get("AWS_REGION") or None,
                aws_access_key_id=self.access_key,
                aws_secret_access_key=self.secret_key,
                aws_session_token=self.session_token,
            )
        core = session._session
        if session.region_name is None:
            raise ConfigurationError(
                SUBJECT,
                "no region is set",
                "set region, AWS_REGION or the profile's region to the runner's region",
            )
        if not REGION.fullmatch(session.region_name):
            raise ConfigurationError(
                SUBJECT,
                f"the region {session.region_name!r} is not the name of one",
                "write it as AWS does, such as eu-west-1",
            )
        source = self._source(core)
        with credential_errors(SUBJECT, source):
            _refuse_prompts(core)
            credentials = session.get_credentials()
            if credentials is None:
                raise botocore.exceptions.NoCredentialsError
            source = self._source(core, credentials.method)
        if credentials.method == "env":
            check_environment_variables(_ENVIRONMENT)
        with credential_errors(SUBJECT, source):
            # Fail here, where the cause is known, not in the first call.
            credentials.get_frozen_credentials()
        return session, source

    def _source(self, core: Any, method: str | None = None) -> CredentialSource:
        explicit = self.access_key is not None
        return source_of(core, profile=self.profile, explicit=explicit, method=method)

    def _in_role(self, clients: AwsClients) -> AwsClients:
        """The same with the role's temporary credentials, from one call of STS."""
        request: dict[str, Any] = {
            "RoleArn": self.assume_role_arn,
            "RoleSessionName": self.assume_role_session_name,
            "DurationSeconds": self.assume_role_duration_seconds,
        }
        if self.assume_role_external_id:
            request["ExternalId"] = self.assume_role_external_id
        sts = clients.client("sts")
        with aws_errors(f"AWS role {self.assume_role_arn}", "assuming it", "sts:AssumeRole"):
            given = sts.assume_role(**request)["Credentials"]
        session = _new_session(
            self.ca_bundle,
            region_name=clients.region,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )
        name = f"role {self.assume_role_arn} (option assume_role_arn)"
        return AwsClients(self, session, CredentialSource("assume-role", name))


class AwsClients:
    """Clients of one session, all with the same limits; making one contacts nothing.

    Threads may share them, but not the session.
    https://docs.aws.amazon.com/boto3/latest/guide/clients.html
    """

    def __init__(self, connection: AwsConnection, session: Any, source: CredentialSource) -> None:
        """source: of the session's credentials, for errors."""
        self._connection = connection
        self._session = session
        self._source = source
        self._made: dict[str, Any] = {}
        self._lock = threading.Lock()
        self.region: str = session.region_name

    def secrets_manager(self) -> SecretsManagerClient:
        client: SecretsManagerClient = self.client("secretsmanager")
        return client

    def client(self, service: str) -> Any:
        """The one of this session for a service in _ENDPOINTS."""
        if service not in self._made:
            with self._lock:
                if service not in self._made:
                    client = self._make(service)
                    # Made at the first look: two threads would get classes of their own, and one
                    # would not recognize its exceptions.
                    client.exceptions.from_code("")
                    self._made[service] = client
        return self._made[service]

    def _make(self, service: str) -> Any:
        connection = self._connection
        with aws_errors(SUBJECT, "", ""):
            client = self._session.client(
                service,
                endpoint_url=getattr(connection, _ENDPOINTS[service]),
                config=Config(
                    retries={"mode": "standard", "total_max_attempts": connection.max_attempts},
                    connect_timeout=10,
                    read_timeout=30,
                    max_pool_connections=_MAX_CONNECTIONS,
                    user_agent_extra="maia.stripe_query",
                ),
            )
        # What was not given may come from the environment or from AWS's configuration files.
        _checked_url(_SOURCES.format(service), client.meta.endpoint_url)
        limit_retries(client, connection.max_seconds)
        _bound(client)
        _name_itself_alike(client)
        refuse_wrong_answers(client)
        client.meta.events.register("after-call", self._note_source)
        return client

    def _note_source(self, *, parsed: Any, **_event: Any) -> None:
        """Record the source of the credentials, for errors that refuse them."""
        if isinstance(parsed, dict):
            parsed.setdefault("ResponseMetadata", {})[SOURCE] = self._source


def _new_session(ca_bundle: str | None = None, **options: Any) -> Any:
    """A session of boto3's, with what is the same for all of them and was loaded once.

    All of its clients, those of its sources of credentials as well, trust the same authorities and
    send to checked URLs only.
    Registering the handlers anew takes a quarter of the time of a task that changes nothing.
    """
    core = botocore.session.Session(
        event_hooks=copy.copy(_HANDLERS), include_builtin_handlers=False
    )
    core.register_component("data_loader", _LOADER)
    core.register("before-send", _check_request)
    session = boto3.session.Session(botocore_session=core, **options)
    # True: without one, old versions take an empty variable for no verification.
    core.set_config_variable("ca_bundle", _authorities(ca_bundle, core) or True)
    return session


def _bound(client: Any) -> None:
    """Let its connections keep to the operation's time; botocore has no setting for that."""
    session = client._endpoint.http_session
    session._pool_classes_by_scheme.update(_POOLS)


def _name_itself_alike(client: Any) -> None:
    """Let it make its User-Agent once; botocore makes it anew, twice, for each request."""
    maker = getattr(client, "_user_agent_creator", None)
    if maker is not None:
        maker.to_string = cache(maker.to_string)


def _authorities(ca_bundle: str | None, core: Any) -> str | None:
    """The bundle that botocore would use. Raises ConfigurationError."""
    if not ca_bundle and not os.environ.get("AWS_CA_BUNDLE"):
        configured = core.get_scoped_config().get("ca_bundle")
        if configured and str(configured).strip():
            check_bundle("AWS configuration file, ca_bundle", str(configured))
            return str(configured)
    return trusted_authorities(ca_bundle, ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"))


def _check_request(**event: Any) -> None:
    """The last look, at where a request really goes: services have rules of their own for it."""
    _checked_url(_SOURCES.format("this request"), event["request"].url.partition("?")[0])


def _checked_url(subject: str, url: str) -> str:
    return Endpoint.parse(url, subject).url


def prime() -> None:
    """Load what every client needs and what is the same for all; nothing about the user.

    In the parent of Ansible's workers this is done once, and they inherit it.
    """
    if BOTO3.error is None:
        for name in ("endpoints", "partitions", "sdk-default-configuration"):
            _LOADER.load_data(name)
        for kind in ("service-2", "endpoint-rule-set-1"):
            _LOADER.load_service_model("secretsmanager", kind)


def _check_role(params: Params) -> None:
    arn, name = params["assume_role_arn"], params["assume_role_session_name"]
    if not _ROLE_ARN.fullmatch(arn):
        raise ConfigurationError(
            SUBJECT,
            "assume_role_arn is not a role's ARN",
            "give arn:aws:iam::<account>:role/<name>",
        )
    if not _SESSION_NAME.fullmatch(name):
        raise ConfigurationError(
            SUBJECT,
            "assume_role_session_name is not one that AWS allows",
            "use 2 to 64 of the characters A-Z a-z 0-9 _ + = , . @ -",
        )
    if not 900 <= params["assume_role_duration_seconds"] <= 43200:
        raise ConfigurationError(
            SUBJECT,
            f"assume_role_duration_seconds is {params['assume_role_duration_seconds']}",
            "give 900 to 43200 seconds",
        )


def _refuse_prompts(core: Any) -> None:
    """Raise MfaPromptError where botocore would ask the terminal for a code, and wait for it."""

    def refuse(_prompt: str) -> str:
        raise MfaPromptError

    core.get_component("credential_provider").get_provider("assume-role")._prompter = refuse
