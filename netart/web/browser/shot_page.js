// The page of a shot.
import { readData } from "./data.js";
import { Progressive } from "./progressive.js";

const canvas = document.getElementById("picture");
const { picture } = readData();
const progressive = picture && new Progressive(canvas, picture);

function draw() {
    canvas.width = Math.round(innerWidth * devicePixelRatio);
    canvas.height = Math.round(innerHeight * devicePixelRatio);
    progressive.show();
}

if (progressive) {
    addEventListener("resize", draw);
    draw();
}
