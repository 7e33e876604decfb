"""Pictures that are small as files and huge as pixels, decoded apart from this process."""

from __future__ import annotations

import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image

from stations.errors import Busy, InvalidInput
from stations.requests import attached_file, picture_cleaning
from stations.requests.attached_file import DRAWN_PIXELS, check_file
from stations.requests.picture_worker import Outcome, write_anew


def blank(size: tuple[int, int], kind: str, **options: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "white").save(written, kind, **options)
    return written.getvalue()


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """Return 2 kB that are 63 million pixels."""
    content = blank((7_900, 8_000), "WEBP", lossless=True, method=0)
    assert len(content) < 4_000
    return content


def test_two_kilobytes_of_63_million_pixels_are_refused_without_memory_or_time(bomb: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    with pytest.raises(InvalidInput, match="has more than 36 million pixels"):
        check_file("a.webp", bomb)
    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # kilobytes


def test_what_would_take_too_much_memory_ends_its_own_process_only(bomb: bytes) -> None:
    assert picture_cleaning.clean_picture(bomb, "WEBP", 10**9) == (Outcome.TOO_MUCH_WORK, b"")


def test_a_picture_just_within_the_limit_is_kept() -> None:
    side = int(DRAWN_PIXELS**0.5)
    with Image.open(BytesIO(check_file("a.png", blank((side, side), "PNG")).content)) as seen:
        assert seen.size == (side, side)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind: str) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    written = BytesIO()
    frames[0].save(written, kind, save_all=True, append_images=frames[1:], duration=50)
    with Image.open(BytesIO(check_file("a", written.getvalue()).content)) as seen:
        assert getattr(seen, "n_frames", 1) == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_every_mode_are_read(mode: str) -> None:
    written = BytesIO()
    Image.new(mode, (20, 10)).save(written, "PNG")
    with Image.open(BytesIO(check_file("a", written.getvalue()).content)) as seen:
        assert seen.size == (20, 10)


@pytest.mark.parametrize("shade", [0, 255, 256, 0x1234, 0x8000, 0xFFFF])
def test_sixteen_bits_of_grey_keep_their_shades(shade: int) -> None:
    written = BytesIO()
    Image.new("I;16", (4, 3), shade).save(written, "PNG")
    outcome, content = write_anew(written.getvalue(), "PNG", DRAWN_PIXELS, 92)
    assert outcome is Outcome.WRITTEN
    with Image.open(BytesIO(content)) as seen:
        assert (seen.mode, seen.getpixel((1, 1))) == ("L", shade >> 8)


def test_one_that_gets_no_turn_is_told_as_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_cleaning, "WAIT_SECONDS", 0)
    monkeypatch.setattr(picture_cleaning, "_turns", threading.BoundedSemaphore(1))
    with picture_cleaning._turns:
        with pytest.raises(Busy, match="again in a minute"):
            picture_cleaning.clean_picture(b"", "PNG", 1)
        with pytest.raises(InvalidInput, match="choose “a.jpg” again in a minute"):
            check_file("a.jpg", blank((2, 2), "JPEG"))


def test_few_are_decoded_at_a_time_and_the_others_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    content, release = blank((20, 10), "JPEG"), threading.Event()
    real, running = picture_cleaning.subprocess.run, []

    def slow(*arguments: object, **options: object) -> object:
        running.append(1)
        release.wait(30)
        return real(*arguments, **options)

    monkeypatch.setattr(picture_cleaning, "WAIT_SECONDS", 0.3)
    monkeypatch.setattr(picture_cleaning.subprocess, "run", slow)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(check_file, "a.jpg", content) for _ in range(6)]
        time.sleep(1)
        assert len(running) == picture_cleaning.AT_ONCE
        monkeypatch.setattr(picture_cleaning, "WAIT_SECONDS", 30)
        release.set()
        told = [problem for each in asked if (problem := each.exception())]
    assert len(told) == 6 - picture_cleaning.AT_ONCE
    assert all("again in a minute" in str(problem) for problem in told)
    check_file("a.jpg", content)  # the turns were given back


def test_the_worker_gets_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}
    real = picture_cleaning.subprocess.run

    def look(*arguments: object, **options: object) -> object:
        seen.update(options)
        return real(*arguments, **options)

    monkeypatch.setattr(picture_cleaning.subprocess, "run", look)
    attached_file.check_file("a.jpg", blank((20, 10), "JPEG"))
    assert seen["env"] == {}
