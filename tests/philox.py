"""The words of the contract of sampling, by its text and without numpy."""

from __future__ import annotations

MASK = 2**64 - 1

# (seed, stream, layer, unit) → its first words.
PUBLISHED = {
    (7, 0, 2, 3): [10339856105885492003, 8595468132018809091, 11506208913176987767],
    (2**63 + 1, 0, 0, 0): [15427352783323932975, 2564398840747885779, 1177965655085308409],
    (2**63 + 2, 0, 0, 0): [4937047974278970601, 6773228842687306404, 11299466274902085813],
    (2**64 - 1, 3, 0, 0): [7699683148690843442, 8073836122971021554, 5662786960728156262],
}


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
