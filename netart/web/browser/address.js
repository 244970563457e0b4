// The link of a page that is all of the window: its fragment is the state.

export const addressLink = {
    read: () => location.hash,
    write: fragment => {
        if (location.hash !== fragment)
            history.replaceState(null, "", fragment || location.pathname + location.search);
    },
};
