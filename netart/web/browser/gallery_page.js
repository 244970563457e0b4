// The page of a sheet, whichever lenses its panels have.
import { readData } from "./data.js";
import { Gallery, expand, panelLink, whatHolds } from "./gallery.js";
import { make } from "./help.js";

// pageClassOf: the class of page that draws a panel, by the panel's data.
export function openGallery(pageClassOf) {
    const shared = readData();
    const grid = document.querySelector(".gallery"), stage = document.getElementById("open");
    const nav = stage.querySelector("nav"), live = document.getElementById("live");
    const images = [...grid.querySelectorAll("img")];
    const ignored = document.getElementById("ignored");
    const label = make("h1", "", { "aria-live": "polite" });

    const openPanel = (number, rest) => {
        const { live: data, why, differs } = expand(shared, number - 1);
        const image = images[number - 1], isFirst = !label.textContent;
        const say = changed => {
            const texts = whatHolds(differs, changed);
            label.textContent = texts.length === Object.keys(differs).length ? image.alt
                : `#${number} ${texts.join(", ")}`.trim();
            document.title = `${label.textContent} · ${shared.name}`;
        };
        say(why ? "" : rest);
        if (isFirst) nav.querySelector("button").focus();
        const shown = why ? showPicture(live, image, why) : new (pageClassOf(data))(
            live, { ...data, preview: image.src }, linkOf(number, rest, say));
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

// The link of an open panel: where it has a state of its own, that stands behind its number. say:
// is called with that state.
function linkOf(number, rest, say) {
    return {
        read: () => rest && `#${rest}`,
        write: fragment => {
            const own = fragment.slice(1), link = panelLink(number, own);
            say(own);
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
