// Last pass: the read-out's first four outputs through the reducer.
#include "layered.glsl"

void main() {
    o_units = reduce(below(0));
}
