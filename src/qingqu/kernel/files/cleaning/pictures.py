"""Pictures without the place, the device and the moment they were taken."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from qingqu.kernel.files.cleaning.errors import Uncleanable, Why

BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)


def clean_picture(content: bytes) -> bytes:
    """A PNG or JPEG drawn anew without metadata, turned as it was meant to be seen; its transparency stays.

    Raises Uncleanable for a broken or far too large one.
    """
    kept = BytesIO()
    try:
        with Image.open(BytesIO(content)) as picture:
            form = "PNG" if picture.format == "PNG" else "JPEG"
            upright = ImageOps.exif_transpose(picture)
            bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
            if upright.mode == "P":
                bare.putpalette(upright.getpalette() or [])
            clear = {"transparency": upright.info["transparency"]} if "transparency" in upright.info else {}
            bare.save(kept, form, quality=95, **(clear if form == "PNG" else {}))
    except BROKEN as error:
        raise Uncleanable(Why.BROKEN_PICTURE) from error
    return kept.getvalue()
