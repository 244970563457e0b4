"""The colour space of display values, as viewers read it."""

from __future__ import annotations

import struct

MADE = slice(24, 36)  # the bytes of a profile's header that tell when it was made


def srgb_profile() -> bytes:
    """The ICC profile of sRGB by LittleCMS, the same at all times."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[MADE] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    return bytes(profile)
