// Philox4x64-10, a generator of random numbers that counts instead of going on from number to
// number: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". A word of 64 bits is a
// uvec2: its lower half, its upper half.

uvec2 add(uvec2 a, uvec2 b) {
    uint low = a.x + b.x;
    return uvec2(low, a.y + b.y + uint(low < a.x));
}

// The product of two numbers of 32 bits.
uvec2 product(uint a, uint b) {
    uint al = a & 0xffffu, ah = a >> 16, bl = b & 0xffffu, bh = b >> 16;
    uint low = al * bl, middle = ah * bl + (low >> 16), rest = al * bh + (middle & 0xffffu);
    return uvec2(rest << 16 | low & 0xffffu, ah * bh + (middle >> 16) + (rest >> 16));
}

// The product of two words: its lower word, its upper word.
uvec4 product(uvec2 a, uvec2 b) {
    uvec2 low = product(a.x, b.x), high = product(a.y, b.y);
    uvec2 one = product(a.x, b.y), two = product(a.y, b.x);
    uvec2 middle = add(add(uvec2(low.y, 0u), uvec2(one.x, 0u)), uvec2(two.x, 0u));
    high = add(add(high, uvec2(one.y, 0u)), add(uvec2(two.y, 0u), uvec2(middle.y, 0u)));
    return uvec4(low.x, middle.x, high);
}

// Four draws in [-1, 1), words 4 block to 4 block + 3 of what numpy calls
// Philox(key=[seed, stream], counter=[0, unit, layer, 0]): the upper 24 bits of each.
vec4 draws(uvec2 seed, int stream, int layer, int unit, int block) {
    uvec2 a = uvec2(block + 1, 0), b = uvec2(unit, 0), c = uvec2(layer, 0), d = uvec2(0u);
    uvec2 key = seed, other = uvec2(stream, 0);
    for (int turn = ZERO; turn < 10; ++turn) {
        uvec4 p = product(uvec2(0xE14C6C93u, 0xD2E7470Eu), a);
        uvec4 q = product(uvec2(0x95121157u, 0xCA5A8263u), c);
        a = q.zw ^ b ^ key;
        b = q.xy;
        c = p.zw ^ d ^ other;
        d = p.xy;
        key = add(key, uvec2(0x7F4A7C15u, 0x9E3779B9u));
        other = add(other, uvec2(0x84CAA73Bu, 0xBB67AE85u));
    }
    return vec4(uvec4(a.y, b.y, c.y, d.y) >> 8) / 8388608.0 - 1.0;
}
