// Texts on the clipboard.
import { make } from "./help.js";

export async function copyText(text) {
    if (navigator.clipboard) {
        try {
            await navigator.clipboard.writeText(text);
            return;
        } catch (error) {
            if (error.name !== "NotAllowedError") throw error;
        }
    }
    const area = make("textarea", text); // where a page is not secure, or a frame without rights
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
}
