"""A browser's user agent as a short name: “Chrome · Windows”."""

from __future__ import annotations

from portal.language import N_, _

# The first match counts: most browsers also name those listed after them.
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
    """Return browser and system, as far as the user agent names them."""
    parts = [
        next((word for token, word in table.items() if token in user_agent), "") for table in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(_(part) for part in parts if part) or _("Device not told")
