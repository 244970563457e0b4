// Evaluates a whole network in one invocation, in LANES lanes of COLUMNS columns: lanes_*.glsl says
// what they are. Units are taken four at a time, a quad. A dialect's files give `weight` and
// `write`.

// Written by netart/evaluate/glsl.py, or in onepass_rolled.glsl: the layers of this network.
void network();

// In lanes_*.glsl:
vec4 input_quad(int quad, int lane, int column); // of the features, those from 4 quad on
vec4 outputs(int i); // outputs 4i to 4i + 3 of the pixel that is made

// In layers_*.glsl:
// A lens looks at a quad, and at its derivatives where there are any.
void after_layer(int lane, int layer, int unit, int width, vec4 z);
void after_layer(int lane, int layer, int unit, int width, vec4 z, vec4 z_u, vec4 z_v);
vec4 carried(); // what the lens has made of the layers

vec4 total[LANES * COLUMNS * HEAD_QUADS]; // outputs: all read-outs so far, added up, by columns
int layers_done = 0; // hidden layers
