// The page of one landscape, or of a film of one, which is all of the window.
import { addressLink } from "./address.js";
import { readData } from "./data.js";
import { LandscapePage } from "./landscape_page.js";
import { Player } from "./player.js";
import { Timeline } from "./timeline.js";

const landscapeData = readData(), { film } = landscapeData;
const ownPage = new LandscapePage(document.querySelector("main"), landscapeData, addressLink,
    film ? show => new Player(new Timeline(film), show) : null);
addEventListener("hashchange", event => ownPage.setState(new URL(event.newURL).hash));
