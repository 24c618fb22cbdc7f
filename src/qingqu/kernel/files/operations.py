"""Storing files: told by content, cleaned, kept under their hash."""

import hashlib
import os
import tempfile
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused
from qingqu.kernel.files import cleaning, queries, rules
from qingqu.kernel.files.cleaning.errors import Why
from qingqu.kernel.files.models import StoredFile
from qingqu.kernel.files.types import MediaType
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.org.models import Unit

DEFAULT_LARGEST = 20 * 1024 * 1024
"""Bytes a file may have when the installation does not set QINGQU_FILE_MAX_BYTES."""


class NotTaken(Refused):
    """The file is empty, too large, of a type that is not taken, broken, or hides a program."""

    code = "FILES_NOT_TAKEN"


@transaction.atomic
def store(
    *,
    name: str,
    content: BinaryIO,
    subject_kind: str,
    subject_id: object,
    unit: Unit,
    at: datetime,
    actor_id: object = "",
) -> StoredFile:
    """Keep a file of a matter without its metadata (author, place, device, dates); the same content is kept once.

    Raises NotTaken. Law: DP-7.
    """
    given = content.read(largest() + 1)
    media_type = _checked(given)
    kept = _without_metadata(given, media_type)
    sha256 = hashlib.sha256(kept).hexdigest()
    there = queries.attached(subject_kind, subject_id).filter(sha256=sha256).first()
    if there is not None:
        return there
    _write(sha256, kept)
    row = StoredFile.objects.create(
        sha256=sha256,
        name=rules.shown_name(name, media_type),
        size=len(kept),
        media_type=media_type,
        is_cleaned=kept != given,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        unit=unit,
        stored_by=str(actor_id or ""),
        stored_at=at,
    )
    payload = {"file": row.pk, "sha256": sha256, "media_type": str(media_type)}
    ledger.record(
        "file.stored",
        at=at,
        actor_id=actor_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        unit_id=unit.pk,
        payload=payload,
    )
    return row


def largest() -> int:
    """The bytes a file may have here."""
    return int(getattr(settings, "QINGQU_FILE_MAX_BYTES", DEFAULT_LARGEST))


def _checked(given: bytes) -> MediaType:
    """What the content is; raises NotTaken when it is not kept."""
    if not given:
        raise NotTaken(_("文件是空的，请重新选择。"))
    if len(given) > largest():
        raise NotTaken(_("文件超过 %(limit)s MB，请压缩或分开上传。") % {"limit": largest() // 1024 // 1024})
    media_type = rules.media_type_of(given)
    if media_type is None:
        raise NotTaken(_("不接收这种文件。请上传 PDF、DOCX、XLSX、PNG、JPG 或纯文本。"))
    if rules.hides_a_program(given):
        raise NotTaken(_("文件含有宏或嵌入对象，请去掉后再上传。"))
    return media_type


def _without_metadata(given: bytes, media_type: MediaType) -> bytes:
    """The content without what says who made it, where and with what; raises NotTaken when that is not possible."""
    try:
        return cleaning.clean(given, media_type)
    except cleaning.Uncleanable as error:
        words = {
            Why.BROKEN_PICTURE: _("图片已损坏或过大，无法读取。"),
            Why.BROKEN: _("文件已损坏，无法读取，请重新导出后再上传。"),
            Why.ENCRYPTED: _("PDF 设有密码或权限限制，请另存为不加密的 PDF 再上传。"),
            Why.STUBBORN: _("无法去掉文件中的作者等信息，请打印为 PDF 或另存后再上传。"),
        }
        raise NotTaken(words[error.why]) from error


def _write(sha256: str, content: bytes) -> None:
    """Put the content into its place whole or not at all."""
    path = queries.path_of(sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)  # noqa: PTH105 - one atomic step
