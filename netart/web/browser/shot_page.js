// The page of one shot, which is all of the window.
import { addressLink } from "./address.js";
import { readData } from "./data.js";
import { ShotPage } from "./page.js";

const ownPage = new ShotPage(document.querySelector("main"), readData(), addressLink);
addEventListener("hashchange", event => ownPage.setState(new URL(event.newURL).hash));
