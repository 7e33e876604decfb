"""Passwords that are soon guessed, however long they are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.province import use_province
from stations.accounts.password_strength import known_words, why_soon_guessed
from stations.accounts.passwords import MAX_PASSWORD, MIN_PASSWORD, check_password_rules
from stations.errors import InvalidInput


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("password1234", "lists of common"),
        ("P@ssw0rd1234", "lists of common"),
        ("zxcvbnm123456789", "lists of common"),
        ("qq123456789012", "common"),
        ("1234567890123", "run such as|common"),
        ("abcdefghijklmn", "run such as"),
        ("asdfghjkl;'123", "side by side"),
        ("abcdabcdabcdabcd", "repeats"),
        ("20001224wang", "date"),
        ("woaini1314520", "tried first here"),
        ("Woaini5201314!", "tried first here"),
        ("wojiushiwo1314", "tried first here"),
        ("nanjing2026!", "tried first here"),
        ("Kunshan@2026", "tried first here"),
        ("suzhou20242024", "tried first here|repeats"),
        ("zhangjiagang2026", "tried first here"),
        ("jiangsu123456", "tried first here"),
        ("zhiliangxiaozhan", "tried first here"),
        ("质量小站质量小站质量小站", "tried first here|repeats"),
        ("昆山市质量小站123456", "tried first here"),
        ("liming2026liming", "tried first here"),
    ],
)
def test_what_is_tried_first_is_refused_and_why_is_told(password: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as refused:
        check_password_rules(password, username="li.ming", field="new_password")
    assert refused.value.field == "new_password" and password not in str(refused.value)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "another long sentence",
        "bamboo kettle friday",
        "K7#vq!mP2zLw",
        "jintian tianqi henhao",
        "大运河边的青石板路上下着雨",
        "suzhou noodles at midnight",
    ],
)
def test_long_sentences_and_random_signs_are_taken(password: str) -> None:
    check_password_rules(password, username="li.ming", field="password")


@given(st.text(min_size=MIN_PASSWORD, max_size=MAX_PASSWORD))
def test_any_text_gets_an_answer(password: str) -> None:
    told = why_soon_guessed(password, names=["li"])
    assert told is None or told.startswith("This password")


@pytest.mark.parametrize(
    "part",
    [
        '4@8({[<3691!|17050$5+%2"*3+"abc',
        "4@({[<69!1|7$5+",
        "1|7!4@$5",
        "4@({[<69!1|7$5+%0238" * 2,
        "({[<4@17|!5$69+a",
        "p@ssw0rd4({[<69!1|7$5+",
        "4@({[<69!1|7$5+4@({[<69!1|7$5+"[:16] * 2,
        "abcabcabdabcabcabd",
        "1!|17!1|7|1!",
        "2012-12-12",
    ],
)
def test_no_password_takes_long_to_measure(part: str) -> None:
    why_soon_guessed("loads the lists first")
    began = time.process_time()
    why_soon_guessed((part * MAX_PASSWORD)[:MAX_PASSWORD])
    assert time.process_time() - began < 1  # 0.1 s on an idle machine; without a bound, 3 to 9


def test_many_signs_do_not_hide_a_run_or_a_word() -> None:
    for password in ("1234567890123@!|$5", "kunshan2026kunshan", "12345678901234567890"):
        assert why_soon_guessed(password) is not None


def test_the_places_are_those_of_the_province_in_use() -> None:
    assert "kunshan" in known_words() and "nanchang" not in known_words()
    use_province("360000")
    try:
        assert "nanchang" in known_words() and "kunshan" not in known_words()
        with pytest.raises(InvalidInput, match="tried first here"):
            check_password_rules("Nanchang@2026", username="", field="password")
    finally:
        use_province("320000")
