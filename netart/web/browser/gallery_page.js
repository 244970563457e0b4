// The page of a sheet.
import { readData } from "./data.js";
import { Gallery, expand, panelLink } from "./gallery.js";
import { make } from "./help.js";
import { ShotPage } from "./page.js";

const shared = readData();
const grid = document.querySelector(".gallery"), stage = document.getElementById("open");
const nav = stage.querySelector("nav"), live = document.getElementById("live");
const images = [...grid.querySelectorAll("img")];
const label = make("span", "", { role: "status" });

function navButton(sign, about, act) {
    const button = make("button", sign, { type: "button", "aria-label": about, title: about });
    button.addEventListener("click", act);
    return button;
}

const all = navButton("×", "All panels", () => gallery.leave());
nav.append(all, navButton("‹", "Previous panel", () => gallery.go(-1)),
    navButton("›", "Next panel", () => gallery.go(1)), label);

// A panel that is a picture alone. why: a sentence.
function showPicture(image, why) {
    live.className = "still";
    live.append(make("img", "", { src: image.src, alt: image.alt }),
        make("p", why, { class: "reason" }));
    const close = () => {
        live.className = "";
        live.replaceChildren();
    };
    return { close, setState() {} };
}

function openPanel(number, rest) {
    const { live: data, why } = expand(shared, number - 1), image = images[number - 1];
    const isFirst = !label.textContent;
    label.textContent = image.alt;
    document.title = `${image.alt} · ${shared.name}`;
    if (isFirst) all.focus();
    const shown = why ? showPicture(image, why) : new ShotPage(live, { ...data, preview: image.src }, {
        read: () => rest && `#${rest}`,
        write: fragment => {
            const link = panelLink(number, fragment.slice(1));
            if (location.hash !== link) history.replaceState(null, "", link);
        },
    });
    return {
        setState: state => shown.setState(state && `#${state}`),
        close() {
            shown.close();
            if (!gallery.number) label.textContent = "";
            document.title = shared.name;
        },
    };
}

const gallery = new Gallery(grid, stage, openPanel);
