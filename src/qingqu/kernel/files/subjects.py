"""What a file, a rectification or a publication may hang on: each package tells here how its matters are found."""

from collections.abc import Callable
from dataclasses import dataclass

from qingqu.kernel.org.types import Actor


@dataclass(frozen=True)
class Subject:
    """A matter as another package may see it: enough to name it, link to it and place it in the unit tree.

    ``may_attach`` says whether the actor who asked may add files to it; ``people`` are the names of those it is
    about, so that what is published of it can be checked for them.
    """

    kind: str
    subject_id: str
    title: str
    unit_id: int
    unit_path: str
    url: str
    may_attach: bool = False
    people: tuple[str, ...] = ()


Finder = Callable[[Actor | None, str], Subject | None]
"""Gives the subject when the actor (None: the public) may see it, None when absent or out of reach alike."""

About = Callable[[str], frozenset[int]]
"""Gives the ids of the people a matter is about, whoever asks: to keep them away from it, never to be shown."""

_finders: dict[str, Finder] = {}
_about: dict[str, About] = {}


def register(kind: str, finder: Finder, *, about: About | None = None) -> None:
    """Tell how matters of ``kind`` are found and whom they are about; called from each package's apps.py."""
    _finders[kind] = finder
    if about is not None:
        _about[kind] = about


def about(kind: str, subject_id: object) -> frozenset[int]:
    """The ids of the people a matter is about; none when the kind is about nobody or the matter does not exist.

    Asked without an actor: whoever re-checks what came of a matter often cannot see the matter itself, and must all
    the same not be one whom it is about. Law: WB-28, DL-22.
    """
    teller = _about.get(kind)
    return teller(str(subject_id)) if teller else frozenset()


def find(actor: Actor | None, kind: str, subject_id: object) -> Subject | None:
    """The matter as the actor may see it; None when it does not exist, is out of reach, or the kind is unknown."""
    finder = _finders.get(kind)
    return finder(actor, str(subject_id)) if finder else None
