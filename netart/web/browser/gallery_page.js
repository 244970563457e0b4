// The page of a sheet, whichever lenses its panels have.
import { readData } from "./data.js";
import { Gallery, expand, panelLink } from "./gallery.js";
import { make } from "./help.js";

// pageClassOf: the class of page that draws a panel, by the panel's data.
export function openGallery(pageClassOf) {
    const shared = readData();
    const grid = document.querySelector(".gallery"), stage = document.getElementById("open");
    const nav = stage.querySelector("nav"), live = document.getElementById("live");
    const images = [...grid.querySelectorAll("img")];
    const ignored = document.getElementById("ignored"), label = make("h1", "", { "aria-live": "polite" });

    const openPanel = (number, rest) => {
        const { live: data, why } = expand(shared, number - 1), image = images[number - 1];
        const isFirst = !label.textContent;
        label.textContent = image.alt;
        document.title = `${image.alt} · ${shared.name}`;
        if (isFirst) nav.querySelector("button").focus();
        const shown = why ? showPicture(live, image, why) : new (pageClassOf(data))(
            live, { ...data, preview: image.src }, linkOf(number, rest));
        return {
            state: () => shown.fragment.slice(1),
            setState: state => shown.setState(state && `#${state}`),
            close() {
                shown.close();
                if (!gallery.number) label.textContent = "";
                document.title = shared.name;
            },
        };
    };

    nav.append(navButton("×", "All panels", () => gallery.leave()),
        navButton("‹", "Previous panel", () => gallery.go(-1)),
        navButton("›", "Next panel", () => gallery.go(1)), label);
    const gallery = new Gallery(grid, stage, openPanel, text => { ignored.textContent = text; });
}

function navButton(sign, about, act) {
    const button = make("button", sign, { type: "button", "aria-label": about, title: about });
    button.addEventListener("click", act);
    return button;
}

// The link of an open panel: where it has a state of its own, that stands behind its number.
function linkOf(number, rest) {
    return {
        read: () => rest && `#${rest}`,
        write: fragment => {
            const link = panelLink(number, fragment.slice(1));
            if (location.hash !== link) history.replaceState(null, "", link);
        },
    };
}

// A panel that is a picture alone. why: a sentence.
function showPicture(live, image, why) {
    live.className = "still";
    live.append(make("img", "", { src: image.src, alt: image.alt }),
        make("p", why, { class: "reason" }));
    const close = () => {
        live.className = "";
        live.replaceChildren();
    };
    return { close, fragment: "", setState() {} };
}
