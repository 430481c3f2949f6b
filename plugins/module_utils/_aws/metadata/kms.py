# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two texts name the same KMS key: key ids, key ARNs, aliases and alias ARNs.

https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..._core.errors import NotFoundError, NotPermittedError
from ..errors.errors import aws_errors

# AWS's own key for the account; DescribeSecret leaves it out.
DEFAULT_ALIAS = "alias/aws/secretsmanager"
KEY_TEXT = re.compile(
    r"(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:)?alias/[\w/-]{1,250}"
    r"|(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/)?[\w-]{1,256}",
    re.ASCII,
)
_ARN = re.compile(r"arn:[^:]+:kms:(?P<region>[^:]+):(?P<account>[^:]+):(?P<rest>.+)")


@dataclass(frozen=True)
class KmsKey:
    """name: alias/<name> or the bare id of a key; both empty places: as in the secret's ARN."""

    name: str
    region: str
    account: str

    @classmethod
    def parse(cls, text: str, *, region: str, account: str) -> KmsKey | None:
        """None is AWS's own key. region, account: of a text that does not name them."""
        match = _ARN.fullmatch(text)
        if match:
            region, account, text = match["region"], match["account"], match["rest"]
        name = text.removeprefix("key/") if match else text
        return None if name in ("", DEFAULT_ALIAS) else cls(name, region, account)

    @property
    def is_alias(self) -> bool:
        return self.name.startswith("alias/")


def same_by_text(wanted: KmsKey | None, held: KmsKey | None) -> bool | None:
    """None where the texts alone do not tell, because an alias may stand for any key."""
    if wanted == held:
        return True
    if wanted is None or held is None:
        return False
    if wanted.is_alias or held.is_alias:
        return None
    # Ids are unique. A replica of a multi-region key has the same id, but in another region.
    return wanted.name == held.name and wanted.region == held.region


class KeyResolver:
    """Asks KMS which key an alias stands for. It is asked only where nothing else tells."""

    def __init__(self, make_client: Callable[[], Any]) -> None:
        """make_client: gives a boto3 client of KMS."""
        self._make_client = make_client

    def same(self, wanted: KmsKey, held: KmsKey) -> bool | None:
        """None if the credentials may not ask. Raises NotFoundError for a wrong wanted one."""
        try:
            target = self._arn(wanted)
        except NotPermittedError:
            return None
        try:
            return self._arn(held) == target
        except NotPermittedError:
            return None
        except NotFoundError:
            return False  # its alias was deleted meanwhile

    def _arn(self, key: KmsKey) -> str:
        client = self._make_client()
        place = key.name if key.is_alias else f"key/{key.name}"
        subject = f"KMS key '{key.name}' in {key.region}"
        not_found = client.exceptions.NotFoundException
        with aws_errors(subject, "describing it", "kms:DescribeKey"):
            try:
                found = client.describe_key(KeyId=f"arn:aws:kms:{key.region}:{key.account}:{place}")
            except not_found:
                raise NotFoundError(
                    subject, "there is no such key", "correct kms_key_id", attempt="describing it"
                ) from None
        return str(found["KeyMetadata"]["Arn"])
