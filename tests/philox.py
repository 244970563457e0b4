"""The words of the contract of sampling, by its text and without numpy."""

from __future__ import annotations

MASK = 2**64 - 1


def philox(counter: list[int], key: list[int]) -> list[int]:
    """Philox4x64-10 of Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"."""
    for _ in range(10):
        low, high = 0xD2E7470EE14C6C93 * counter[0], 0xCA5A826395121157 * counter[2]
        counter = [
            (high >> 64) ^ counter[1] ^ key[0],
            high & MASK,
            (low >> 64) ^ counter[3] ^ key[1],
            low & MASK,
        ]
        key = [(key[0] + 0x9E3779B97F4A7C15) & MASK, (key[1] + 0xBB67AE8584CAA73B) & MASK]
    return counter


def documented_words(seed: int, stream: int, layer: int, unit: int, count: int) -> list[int]:
    """The words by the contract's text; numpy counts up before each block of four."""
    blocks = [philox([1 + k, unit, layer, 0], [seed, stream]) for k in range(-(-count // 4))]
    return [word for block in blocks for word in block][:count]
