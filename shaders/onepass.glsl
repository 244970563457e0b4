// Evaluates a whole network in one invocation. The units of a layer are matrices, four units (rows)
// in LANES lanes (columns); lanes_*.glsl says what a lane is. A quad is four units.

// Written by netart/evaluate/glsl.py: the calls of hidden layers and heads that make up this network.
void network();

// In lanes_*.glsl:
LANE_MATRIX spread(vec4 bias);                         // the biases of four units in all lanes
LANE_MATRIX through(int activation, int quad, LANE_MATRIX z); // four units, taken through their activation
vec4 outputs(int i);                            // outputs 4i to 4i + 3 of the pixel that is made

// In layers_*.glsl:
void after_layer(int layer, int quad, int width); // a lens looks at z[quad]
vec4 carried();                                   // what the lens has made of the layers

LANE_MATRIX y[QUADS]; // units of the layer before
LANE_MATRIX z[QUADS]; // pre-activations of this layer
LANE_MATRIX total[HEAD_QUADS]; // outputs: all read-outs so far, added up
int cursor = 0; // where in the weights the next texel is
int layers_done = 0; // hidden layers
