// A network evaluated without a GPU, on a grid of points: the activations and features of
// netart/net/ops.py.

function erf(z) {
    const t = 1 / (1 + 0.3275911 * Math.abs(z));
    const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t
        + 0.254829592) * t;
    return Math.sign(z) * (1 - series * Math.exp(-z * z));
}

const fraction = x => x - Math.floor(x);
const sigmoid = z => 1 / (1 + Math.exp(-z));

export const ACTIVATIONS = {
    linear: z => z,
    tanh: Math.tanh,
    sigmoid,
    relu: z => Math.max(z, 0),
    leaky_relu: z => Math.max(z, 0.01 * z),
    elu: z => (z > 0 ? z : Math.expm1(z)),
    selu: z => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z)),
    gelu: z => 0.5 * z * (1 + erf(z * Math.SQRT1_2)),
    silu: z => z * sigmoid(z),
    softplus: z => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    softsign: z => z / (1 + Math.abs(z)),
    step: z => (z > 0 ? 1 : 0),
    sign: Math.sign,
    sin: Math.sin,
    cos: Math.cos,
    sinc: z => (z ? Math.sin(z) / z : 1),
    abs: Math.abs,
    square: z => z * z,
    gaussian: z => Math.exp(-z * z),
    triangle: z => 4 * Math.abs(fraction(z / (2 * Math.PI) + 0.75) - 0.5) - 1,
};

const polar = (x, y) => [Math.hypot(x, y), Math.atan2(y, x)];
const mirrored = (x, k) => Math.abs(fraction(x / (2 * k)) * 2 * k - k) - k / 2;

// By their names, the columns that they give at (x, y); k is the parameter, or a list of them.
export const FEATURES = {
    x: x => [x],
    y: (x, y) => [y],
    r: (x, y) => [polar(x, y)[0]],
    angle: (x, y) => [polar(x, y)[1]],
    xy: (x, y) => [x * y],
    x2: x => [x * x],
    y2: (x, y) => [y * y],
    abs_x: x => [Math.abs(x)],
    abs_y: (x, y) => [Math.abs(y)],
    sin_x: (x, y, k) => [Math.sin(k * x)],
    sin_y: (x, y, k) => [Math.sin(k * y)],
    cos_x: (x, y, k) => [Math.cos(k * x)],
    cos_y: (x, y, k) => [Math.cos(k * y)],
    kaleidoscope: (x, y, k) => {
        const [r, angle] = polar(x, y), period = 2 * Math.PI / k;
        const folded = Math.abs(fraction(angle / period + 0.5) * period - period / 2);
        return [r * Math.cos(folded), r * Math.sin(folded)];
    },
    tile: (x, y, k) => {
        const [u, v] = [2 * Math.PI * x / k, 2 * Math.PI * y / k];
        return [Math.cos(u), Math.sin(u), Math.cos(v), Math.sin(v)];
    },
    mirror_tile: (x, y, k) => [mirrored(x, k), mirrored(y, k)],
    spiral: (x, y, k) => {
        const [r, angle] = polar(x, y), depth = Math.log(r + 1e-6);
        return [Math.cos(k * angle + 3 * depth), Math.sin(k * angle + 3 * depth), depth];
    },
    log_polar: (x, y) => {
        const [r, angle] = polar(x, y);
        return [Math.log(r + 1e-6), Math.cos(angle), Math.sin(angle)];
    },
    swirl: (x, y, [factor, a, b]) => {
        const [r, angle] = polar(x, y);
        const depth = 2 * Math.PI / Math.log(factor) * Math.log(Math.max(r, 1e-30));
        const left = depth + a * angle, right = depth - b * angle;
        return [Math.cos(left), Math.sin(left), Math.cos(right), Math.sin(right)];
    },
};

// The pre-activations of all layers on a grid: of each layer, of each unit, row by row. us, vs: of
// its columns and rows; xy: the function from (u, v) to (x, y); features: [name, parameter].
export function evaluate(layers, features, xy, us, vs) {
    const count = us.length * vs.length;
    let values = Array.from({ length: layers[0].inputs }, () => new Float64Array(count)), at = 0;
    for (const v of vs)
        for (const u of us) {
            const [x, y] = xy(u, v);
            let k = 0;
            for (const [name, parameter] of features)
                for (const value of FEATURES[name](x, y, parameter)) values[k++][at] = value;
            ++at;
        }
    return layers.map(({ units, inputs, numbers, activation }) => {
        const z = Array.from({ length: units }, (_, i) => {
            const sum = new Float64Array(count).fill(numbers[i * (inputs + 1) + inputs]);
            for (let j = 0; j < inputs; ++j) {
                const weight = numbers[i * (inputs + 1) + j], value = values[j];
                for (let k = 0; k < count; ++k) sum[k] += weight * value[k];
            }
            return sum;
        });
        values = z.map(column => column.map(ACTIVATIONS[activation]));
        return z;
    });
}
