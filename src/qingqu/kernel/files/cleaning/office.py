"""Word and Excel files without their authors: properties, names beside comments and changes, pictures' metadata."""

import re
import zipfile
import zlib
from io import BytesIO

from qingqu.kernel.files.cleaning.errors import Uncleanable, Why
from qingqu.kernel.files.cleaning.pictures import clean_picture

SIGNED = "_xmlsignatures/"
"""The folder of a package's signatures (ECMA-376 part 2, 13): what is signed is not touched."""

_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

EMPTY = {
    "docprops/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{_CORE}"/>'.encode(),
    "docprops/app.xml": f'{_HEAD}<Properties xmlns="{_EXTENDED}"/>'.encode(),
    "docprops/custom.xml": f'{_HEAD}<Properties xmlns="{_CUSTOM}"/>'.encode(),
}
"""The property parts (ECMA-376 part 2, 11; part 1, 22.2 and 22.3) with nothing in them."""

_PICTURES = re.compile(r"(?:media/[^/]+|docprops/thumbnail)\.(?:jpe?g|png)$")
_NAMES = (
    (re.compile(rb"""(\b(?:w|w15|w16cid|w16cex):(?:author|initials|userId|providerId)=)("[^"]*"|'[^']*')"""), rb'\1""'),
    (re.compile(rb"""(<person\b[^>]*?\b(?:displayName|userId|providerId)=)("[^"]+"|'[^']+')"""), rb'\1""'),
    (re.compile(rb"""(<fileSharing\b[^>]*?\buserName=)("[^"]+"|'[^']+')"""), rb'\1""'),
    (re.compile(rb"""(<x15ac:absPath\b[^>]*?\burl=)("[^"]+"|'[^']+')"""), rb'\1""'),
    (re.compile(rb"(<author>)[^<]+(</author>)"), rb"\1\2"),
)
"""Where names and folders of people stand in the parts: comments, changes, Excel's persons, sharing and own path."""


def clean_office(content: bytes) -> bytes:
    """The package written anew with empty properties, no names, clean pictures and no times of its parts.

    Raises Uncleanable for a broken one.
    """
    kept = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(content)) as given:
            if any(name.startswith(SIGNED) for name in given.namelist()):
                return content
            with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as written:
                for part in given.infolist():
                    written.writestr(_timeless(part.filename), _clean_part(part.filename, given.read(part)))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Uncleanable(Why.BROKEN) from error
    return kept.getvalue()


def _timeless(name: str) -> zipfile.ZipInfo:
    """A part's entry with the earliest date a ZIP knows."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _clean_part(name: str, content: bytes) -> bytes:
    """One part without what tells of people."""
    place = name.lower()
    if place in EMPTY:
        return EMPTY[place]
    if _PICTURES.search(place):
        return clean_picture(content)
    if not place.endswith(".xml"):
        return content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16").encode()
        content = re.sub(rb'encoding="[^"]*"', b'encoding="UTF-8"', content, count=1)
    for pattern, nothing in _NAMES:
        while (after := pattern.sub(nothing, content)) != content:
            content = after
    return content
