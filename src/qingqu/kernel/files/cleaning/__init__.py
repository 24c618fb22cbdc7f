"""Taking out of a file what says who made it, where and with what; the content itself stays as it is.

Law: WB-18.
"""

from qingqu.kernel.files.cleaning.errors import Uncleanable
from qingqu.kernel.files.cleaning.office import clean_office
from qingqu.kernel.files.cleaning.pdf import clean_pdf
from qingqu.kernel.files.cleaning.pictures import clean_picture
from qingqu.kernel.files.types import MediaType

__all__ = ["Uncleanable", "clean"]


def clean(content: bytes, media_type: MediaType) -> bytes:
    """The content without its metadata; a signed document comes back as it is, because a change would void it.

    Raises Uncleanable for what is broken or cannot be cleaned.
    """
    if media_type in {MediaType.PNG, MediaType.JPEG}:
        return clean_picture(content)
    if media_type in {MediaType.DOCX, MediaType.XLSX}:
        return clean_office(content)
    return clean_pdf(content) if media_type is MediaType.PDF else content
