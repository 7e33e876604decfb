"""Why the operating system refused a file, in words that are translated."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from types import MappingProxyType

from stations.language import N_, Worded

_REASONS: Mapping[int, str] = MappingProxyType(
    {
        errno.ENOENT: N_("No such file or directory"),
        errno.EISDIR: N_("Is a directory"),
        errno.ENOTDIR: N_("Not a directory"),
        errno.EACCES: N_("Permission denied"),
        errno.EPERM: N_("Operation not permitted"),
        errno.ENOSPC: N_("No space left on device"),
        errno.EROFS: N_("Read-only file system"),
        errno.EEXIST: N_("File exists"),
        errno.ENAMETOOLONG: N_("File name too long"),
        errno.EMFILE: N_("Too many open files"),
        errno.EIO: N_("Input/output error"),
    }
)


def reason_of(problem: OSError) -> Worded | str:
    """Return why; a reason that is not known here in the system's own words."""
    known = _REASONS.get(problem.errno or 0)
    return Worded(known) if known else problem.strerror or str(problem)
