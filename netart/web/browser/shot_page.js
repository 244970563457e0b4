// The page of a shot.
import { readData } from "./data.js";
import { Picture } from "./picture.js";

const canvas = document.getElementById("picture");
const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, depth: false });
const picture = new Picture(gl, readData().picture);

function draw() {
    const width = canvas.width = Math.round(innerWidth * devicePixelRatio);
    const height = canvas.height = Math.round(innerHeight * devicePixelRatio);
    picture.draw([width, height], { left: 0, top: 0, width, height });
}

addEventListener("resize", draw);
draw();
