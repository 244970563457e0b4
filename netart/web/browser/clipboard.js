// Texts on the clipboard.

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
    const area = document.createElement("textarea"); // where a page is not secure, or a frame without rights
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    return isCopied;
}
