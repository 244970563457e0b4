// The page of one film, which is all of the window.
import { addressLink } from "./address.js";
import { readData } from "./data.js";
import { ShotPage } from "./page.js";
import { Player } from "./player.js";
import { Timeline } from "./timeline.js";

const filmData = readData(), timeline = new Timeline(filmData.film);
const ownPage = new ShotPage(document.querySelector("main"), filmData, addressLink,
    show => new Player(timeline, show));
addEventListener("hashchange", event => ownPage.setState(new URL(event.newURL).hash));
