// Texts on the clipboard.

// Copies the page's address. Returns what to say of that.
export async function copyAddress() {
    return await copyText(location.href) ? "the link is copied"
        : "the browser refuses to copy: the link stands in the address bar";
}

// Returns whether the text was copied: browsers may refuse.
export async function copyText(text) {
    if (navigator.clipboard) {
        try {
            await navigator.clipboard.writeText(text);
            return true;
        } catch (error) {
            if (error.name !== "NotAllowedError") throw error;
        }
    }
    // Where a page is not secure, or a frame without rights.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    return isCopied;
}
