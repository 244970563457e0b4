// The page of one shot or film, which is all of the window.
import { readData } from "./data.js";
import { ShotPage } from "./page.js";

const ownPage = new ShotPage(document.querySelector("main"), readData(), {
    read: () => location.hash,
    write: fragment => {
        if (location.hash !== fragment)
            history.replaceState(null, "", fragment || location.pathname + location.search);
    },
});
addEventListener("hashchange", () => ownPage.setState(location.hash));
