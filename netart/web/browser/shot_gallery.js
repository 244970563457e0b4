// The page of a sheet that has no landscapes.
import { openGallery } from "./gallery_page.js";
import { ShotPage } from "./page.js";

openGallery(() => ShotPage);
