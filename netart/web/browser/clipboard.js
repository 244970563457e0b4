// Texts on the clipboard.
import { make } from "./help.js";

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
    const area = make("textarea", text); // where a page is not secure, or a frame without rights
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    return isCopied;
}
