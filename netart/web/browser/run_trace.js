// Lines on which units are 0, traced on a grid: those of networks whose lines are curves.

// The pieces of the line of zeros of a grid, by marching squares: { u, v }, two ends a piece.
// values: row by row from the top; reach: (u, v) of the upper right corner.
export function traceZeros(values, reach, columns, rows) {
    const u = [], v = [];
    const stepU = 2 * reach[0] / (columns - 1), stepV = 2 * reach[1] / (rows - 1);
    for (let row = 0; row + 1 < rows; ++row)
        for (let column = 0; column + 1 < columns; ++column) {
            const at = row * columns + column;
            const a = values[at], b = values[at + 1];
            const c = values[at + columns + 1], d = values[at + columns];
            const above = (a > 0) + 2 * (b > 0) + 4 * (c > 0) + 8 * (d > 0);
            if (above === 0 || above === 15) continue;
            const left = column * stepU - reach[0], top = reach[1] - row * stepV;
            const ends = [ // on the square's sides, around it
                [left + stepU * a / (a - b), top],
                [left + stepU, top - stepV * b / (b - c)],
                [left + stepU * d / (d - c), top - stepV],
                [left, top - stepV * a / (a - d)],
            ];
            for (const side of sides(above, a + b + c + d > 0)) {
                u.push(ends[side][0]);
                v.push(ends[side][1]);
            }
        }
    return { u, v };
}

// Which of a square's sides a line joins, in pairs. above: a bit a corner, around it; middle:
// whether the middle is above 0.
function sides(above, middle) {
    if (above === 5) return middle ? [0, 1, 2, 3] : [3, 0, 1, 2];
    if (above === 10) return middle ? [3, 0, 1, 2] : [0, 1, 2, 3];
    const corner = k => above >> (k & 3) & 1;
    return [0, 1, 2, 3].filter(side => corner(side) !== corner(side + 1));
}
