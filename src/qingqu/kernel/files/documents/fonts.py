"""Which font files a PDF may use here when the fonts the standard names are not installed."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from qingqu.kernel.core.errors import Refused

_FACE = re.compile(r"@font-face\s*\{([^}]*)\}")
_ADDRESS = re.compile(r"url\(\"?([^)\"]+)\"?\)")
_RANGE = re.compile(r"[Uu]\+([0-9A-Fa-f]+)(?:-([0-9A-Fa-f]+))?")


class NoFont(Refused):
    """No font with Chinese characters can be found; a PDF would be empty boxes."""

    code = "FILES_NO_FONT"


@dataclass(frozen=True)
class Face:
    """One font file and the code points it is said to hold (empty: all)."""

    path: Path
    ranges: tuple[tuple[int, int], ...] = ()

    def holds(self, points: frozenset[int]) -> bool:
        """Whether the file holds one of the code points."""
        return not self.ranges or any(low <= point <= high for low, high in self.ranges for point in points)


def faces_for(text: str) -> list[Face]:
    """The font files needed for ``text``: those of QINGQU_FONTS, else the parts of the web font that hold it.

    Raises NoFont when neither is there: empty boxes are never printed in silence.
    """
    own = _own(str(getattr(settings, "QINGQU_FONTS", "") or Path(settings.QINGQU_HOME) / "fonts"))
    if own:
        return list(own)
    points = frozenset(map(ord, text)) | frozenset(map(ord, "0123456789—年月日附件：、"))
    faces = [face for face in _built(str(settings.DJANGO_VITE["default"]["manifest_path"])) if face.holds(points)]
    if not faces:
        raise NoFont(
            _("没有可用的中文字体。请先构建前端（make build），或把字体文件放入 QINGQU_HOME 下的 fonts 文件夹。")
        )
    return faces


@lru_cache(maxsize=4)
def _own(folder: str) -> tuple[Face, ...]:
    """The font files of a folder, in name order."""
    files = sorted(Path(folder).glob("*.[ot]t[fc]")) if Path(folder).is_dir() else []
    return tuple(Face(path) for path in files)


@lru_cache(maxsize=4)
def _built(manifest: str) -> tuple[Face, ...]:
    """The parts of the web font that the front-end build put beside its manifest."""
    faces: list[Face] = []
    for sheet in sorted(Path(manifest).parent.glob("assets/*.css")):
        declared = [face for face in _FACE.findall(sheet.read_text(encoding="utf-8")) if "Noto Sans SC" in face]
        found = [(face, _ADDRESS.search(face)) for face in declared]
        faces += [Face((sheet.parent / at[1]).resolve(), _ranges(face)) for face, at in found if at]
    return tuple(face for face in faces if face.path.exists())


def _ranges(declared: str) -> tuple[tuple[int, int], ...]:
    """The unicode-range of a font face."""
    return tuple(
        (int(low, 16), int(high or low, 16)) for low, high in _RANGE.findall(declared.split("unicode-range", 1)[-1])
    )
