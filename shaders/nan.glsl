// Whether a number is NaN, by its bits: compilers may assume that x != x is false.
bool is_nan(float x) {
    return (floatBitsToUint(x) & 0x7fffffffu) > 0x7f800000u;
}
