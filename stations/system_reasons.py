"""Why the operating system refused a file, in words that are translated."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from types import MappingProxyType

from stations.language import N_, Worded

_REASONS: Mapping[int, str] = MappingProxyType(
    {
        errno.ENOENT: N_("there is no such file or folder"),
        errno.EISDIR: N_("it is a folder"),
        errno.ENOTDIR: N_("a part of its path is no folder"),
        errno.EACCES: N_("permission is missing"),
        errno.EPERM: N_("it is not permitted"),
        errno.ENOSPC: N_("the disk is full"),
        errno.EROFS: N_("the disk can only be read"),
        errno.EEXIST: N_("it is there already"),
        errno.ENAMETOOLONG: N_("its name is too long"),
        errno.EMFILE: N_("too many files are open"),
        errno.EIO: N_("the disk has a fault"),
    }
)


def reason_of(problem: OSError) -> Worded | str:
    """Return why; a reason that is not known here in the system's own words."""
    known = _REASONS.get(problem.errno or 0)
    return Worded(known) if known else problem.strerror or str(problem)
