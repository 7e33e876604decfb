"""Putting a finished file under its name: whole and on disk, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import TemporaryDirectory

from stations.errors import Conflict, InvalidInput
from stations.language import N_, Worded
from stations.system_reasons import reason_of

_SCRATCH = ".portal-backup-"
_LOCK = "lock"


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Make a folder within another, readable by its owner only, until the block ends.

    Those that processes left when they were killed are removed: nobody holds their lock any more.

    Raises:
        OSError: it can't be written.
    """
    for left in folder.glob(f"{_SCRATCH}*/{_LOCK}"):
        with suppress(FileNotFoundError, BlockingIOError), left.open() as lock:  # another server may be at work there
            flock(lock, LOCK_EX | LOCK_NB)
            shutil.rmtree(left.parent)
    with TemporaryDirectory(dir=folder, prefix=_SCRATCH) as made, Path(made, "unlocked").open("w") as lock:
        flock(lock, LOCK_EX)
        Path(made, "unlocked").rename(Path(made, _LOCK))  # nobody sees it before it is locked
        yield Path(made)


def put_in_place(finished: Path, place: Path) -> None:
    """Give a file, readable by its owner only, a second name on the same disk.

    Raises:
        FileExistsError: somebody else has made a file of that name meanwhile.
        OSError: it can't be written.
    """
    finished.chmod(0o600)
    sync(finished)
    os.link(finished, place)
    sync(place.parent)


def create_private(place: Path, content: bytes) -> None:
    """Write a new file that its owner only may read, and return when it is on disk.

    Raises:
        Conflict: there is such a file.
        InvalidInput: it can't be written.
    """
    with writing(place):
        try:
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise there_already(place) from None
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def there_already(place: Path) -> Conflict:
    """Return the error of a file that would be overwritten."""
    return Conflict(N_("“{path}” is there already; name another file"), path=str(place))


def sync(path: Path) -> None:
    """Return when the file, or the names in the folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Write what ends up as ``path``.

    Raises:
        InvalidInput: it can't be written, e.g. since the disk is full.
    """
    try:
        yield
    except OSError as problem:
        raise cannot_write(path, reason_of(problem)) from problem


def cannot_write(path: Path, reason: Worded | str) -> InvalidInput:
    """Return the error of a file that can't be written."""
    return InvalidInput("file", N_("“{path}” can't be written: {reason}"), path=str(path), reason=reason)
