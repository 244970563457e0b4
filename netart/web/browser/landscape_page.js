// The page of a landscape: the page of a shot, whose camera goes around.
import { TURN_STEP, ZOOM_STEP, raising } from "./actions.js";
import { Drawing, NETWORK_FIELDS } from "./drawing.js";
import { LandscapeView } from "./landscape_view.js";
import { controlOf } from "./fields.js";
import { ShotPage } from "./page.js";

const ALONG = 90; // degrees by which the camera goes where half the picture's shorter side is dragged

const around = degrees => 180 - ((180 - degrees) % 360 + 360) % 360;
const fourDigits = number => Number(number.toPrecision(4));

class LandscapeDrawing extends Drawing {
    valuesOf(state) {
        const isOwn = NETWORK_FIELDS.every(
            name => JSON.stringify(state[name]) === JSON.stringify(this.base[name]));
        return { ...super.valuesOf(state), state, isOwn };
    }
}

export class LandscapePage extends ShotPage {
    makeDrawing() {
        return new LandscapeDrawing(this.data);
    }

    makeProgressive() {
        return new LandscapeView(this.canvas, this.data.picture);
    }

    makeActions() {
        const turn = (azimuth, elevation) => () =>
            this.orbit(TURN_STEP * azimuth, TURN_STEP * elevation);
        const zoom = factor => () => this.zoom(factor);
        return {
            ...super.makeActions(),
            left: turn(-1, 0), right: turn(1, 0), up: turn(0, 1), down: turn(0, -1),
            "+": zoom(ZOOM_STEP), "=": zoom(ZOOM_STEP), "-": zoom(1 / ZOOM_STEP),
            ...raising(this, "rise"),
        };
    }

    makeGestures() {
        const distance = ([p, q]) => Math.hypot(q[0] - p[0], q[1] - p[1]);
        return {
            ...super.makeGestures(),
            pan: (du, dv) => this.orbit(ALONG * du, ALONG * dv, "drag"),
            zoom: (factor, at, gesture = "zoom") => this.zoom(factor, gesture),
            pinch: (before, after) => this.zoom(
                distance(after) / Math.max(1e-6, distance(before)), "pinch"),
        };
    }

    // The camera goes to the right, and up, by so many degrees.
    orbit(azimuth, elevation, gesture = "") {
        const { low, high } = controlOf(this.data.controls, "elevation");
        const { state } = this, height = state.elevation + elevation;
        this.change({
            azimuth: Number(around(state.azimuth + azimuth).toFixed(2)),
            elevation: Number(Math.min(high, Math.max(low, height)).toFixed(2)),
        }, gesture);
    }

    zoom(factor, gesture = "") {
        this.set("zoom", fourDigits(this.state.zoom * factor), gesture);
    }

    set(name, number, gesture = "") {
        const { least, most } = controlOf(this.data.controls, name);
        this.change({ [name]: Math.min(most, Math.max(least, number)) }, gesture);
    }

    // To where it is dragged: to the right the sun goes that way, up it rises.
    moveLight([u, v]) {
        const { least, most } = controlOf(this.data.controls, "sun_elevation");
        const height = 90 * (1 - Math.min(1, Math.hypot(u, v)));
        this.change({
            sun_azimuth: Math.round(Math.atan2(v, u) * 180 / Math.PI),
            sun_elevation: Math.round(Math.min(most, Math.max(least, height))),
        }, "light");
    }
}
