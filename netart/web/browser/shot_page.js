// The page of a shot.
import { readData } from "./data.js";
import { Progressive } from "./progressive.js";

const canvas = document.getElementById("picture");
const progressive = new Progressive(canvas, readData().picture);

function draw() {
    canvas.width = Math.round(innerWidth * devicePixelRatio);
    canvas.height = Math.round(innerHeight * devicePixelRatio);
    progressive.show();
}

addEventListener("resize", draw);
draw();
