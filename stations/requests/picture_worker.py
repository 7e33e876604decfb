"""A process that writes one picture anew from its pixels, with little memory and time.

Pictures come from strangers, and two kilobytes can decompress to gigabytes. So each is decoded here, apart from the
server: whatever happens, only this process ends. It is run by its path, imports nothing of the product, and gets no
environment.

``python -I picture_worker.py FORMAT PIXELS QUALITY``: the picture on standard input, the new one on standard output;
the exit code is one of ``Outcome``.
"""

from __future__ import annotations

import resource
import sys
from enum import IntEnum
from io import BytesIO

MEMORY = 768 * 1024 * 1024
"""The address space of the process, in bytes; a telephone's largest photograph needs two thirds of it."""
SECONDS = 15
"""Of processor time."""


class Outcome(IntEnum):
    """How it ended: the exit code."""

    WRITTEN = 0
    TOO_MANY_PIXELS = 3
    DAMAGED = 4
    TOO_MUCH_WORK = 5


def write_anew(content: bytes, file_format: str, pixels: int, quality: int) -> tuple[Outcome, bytes]:
    """Return the picture without metadata, upright; its size is checked before a pixel is decoded.

    ``file_format``: the only format that is tried (Pillow's name). ``pixels``: the most that it may have.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = pixels
    try:
        with Image.open(BytesIO(content), formats=[file_format]) as picture:
            if picture.width * picture.height > pixels:
                return Outcome.TOO_MANY_PIXELS, b""
            picture.load()
            # In place and one after the other: each copy of a large photograph takes 200 MB.
            ImageOps.exif_transpose(picture, in_place=True)
            mode = "RGBA" if file_format != "JPEG" and picture.has_transparency_data else "RGB"
            if picture.mode.startswith("I"):
                # Sixteen bits of grey: Pillow's conversion would make everything above the first 256 shades white.
                upright = picture.point(lambda shade: shade * (1 / 256)).convert("L")
            else:
                upright = picture if picture.mode in {mode, "L"} else picture.convert(mode)
            upright.info = {}
            written = BytesIO()
            upright.save(written, file_format, quality=quality)
    except Image.DecompressionBombError:
        return Outcome.TOO_MANY_PIXELS, b""
    except MemoryError:
        return Outcome.TOO_MUCH_WORK, b""
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        return Outcome.DAMAGED, b""
    return Outcome.WRITTEN, written.getvalue()


def main() -> int:
    """Limit this process, then read, write and return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    file_format, pixels, quality = sys.argv[1:]
    try:
        outcome, written = write_anew(sys.stdin.buffer.read(), file_format, int(pixels), int(quality))
    except MemoryError:
        return Outcome.TOO_MUCH_WORK
    sys.stdout.buffer.write(written)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
