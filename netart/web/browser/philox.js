// Random words by their address: Philox4x64-10 of Salmon et al. 2011, "Parallel random numbers: as
// easy as 1, 2, 3". A number of 64 bits is two of 32, the low ones first.

const PHILOX_ROUNDS = 10;
const PHILOX_FACTORS = halvesOf64(0xD2E7470EE14C6C93n, 0xCA5A826395121157n);
const PHILOX_KEY_STEPS = halvesOf64(0x9E3779B97F4A7C15n, 0xBB67AE8584CAA73Bn);

function halvesOf64(...numbers) {
    return Uint32Array.from(numbers.flatMap(n => [n & 0xffffffffn, n >> 32n]), Number);
}

// The first words of one unit, two numbers each. seed: a BigInt, or its decimal digits as text.
export function philoxWords(seed, stream, layer, unit, count) {
    const key = halvesOf64(BigInt(seed), BigInt(stream));
    const words = new Uint32Array(8 * Math.ceil(count / 4));
    for (let at = 0; at < words.length; at += 8) {
        words[at] = 1 + at / 8; // numpy raises the counter before the first block
        words[at + 2] = unit;
        words[at + 4] = layer;
        philoxBlock(words, at, key);
    }
    return words.subarray(0, 2 * count);
}

const philoxProducts = [new Uint32Array(4), new Uint32Array(4)]; // made once, for speed

// Turns a counter, four words from `at` on, into four random words.
function philoxBlock(words, at, key) {
    const [first, second] = philoxProducts;
    let [k0, k1, k2, k3] = key;
    for (let round = 0; round < PHILOX_ROUNDS; ++round) {
        multiply64(words[at], words[at + 1], PHILOX_FACTORS[0], PHILOX_FACTORS[1], first);
        multiply64(words[at + 4], words[at + 5], PHILOX_FACTORS[2], PHILOX_FACTORS[3], second);
        words[at] = second[2] ^ words[at + 2] ^ k0;
        words[at + 1] = second[3] ^ words[at + 3] ^ k1;
        words[at + 2] = second[0];
        words[at + 3] = second[1];
        words[at + 4] = first[2] ^ words[at + 6] ^ k2;
        words[at + 5] = first[3] ^ words[at + 7] ^ k3;
        words[at + 6] = first[0];
        words[at + 7] = first[1];
        k0 += PHILOX_KEY_STEPS[0];
        k1 = (k1 + PHILOX_KEY_STEPS[1] + (k0 >= 2 ** 32)) >>> 0;
        k0 >>>= 0;
        k2 += PHILOX_KEY_STEPS[2];
        k3 = (k3 + PHILOX_KEY_STEPS[3] + (k2 >= 2 ** 32)) >>> 0;
        k2 >>>= 0;
    }
}

// The 128 bits of the product of two numbers of 64.
function multiply64(aLow, aHigh, bLow, bHigh, product) {
    const middle = highBits(aLow, bLow)
        + (Math.imul(aLow, bHigh) >>> 0) + (Math.imul(aHigh, bLow) >>> 0);
    const upper = highBits(aLow, bHigh) + highBits(aHigh, bLow)
        + (Math.imul(aHigh, bHigh) >>> 0) + Math.floor(middle / 2 ** 32);
    product[0] = Math.imul(aLow, bLow);
    product[1] = middle; // the array keeps the lowest 32 bits
    product[2] = upper;
    product[3] = highBits(aHigh, bHigh) + Math.floor(upper / 2 ** 32);
}

// The upper 32 of the 64 bits of a product, by halves whose products a float64 holds.
function highBits(a, b) {
    return Math.floor((a * (b >>> 16) + Math.floor(a * (b & 0xffff) / 2 ** 16)) / 2 ** 16);
}
