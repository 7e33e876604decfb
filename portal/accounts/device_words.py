"""What a browser calls itself, told in a word or two: “Chrome · Windows”."""

from __future__ import annotations

from portal.language import N_, _

# The first that is found counts: most browsers name the ones before them too.
_BROWSERS = {
    "MicroMessenger": N_("WeChat"),
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def device_in_words(user_agent: str) -> str:
    """Browser and system as far as they are told."""
    parts = [
        next((word for token, word in table.items() if token in user_agent), "") for table in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(_(part) for part in parts if part) or _("Device not told")
