// The page of a sheet with landscapes among its panels.
import { openGallery } from "./gallery_page.js";
import { LandscapePage } from "./landscape_page.js";
import { ShotPage } from "./page.js";

openGallery(data => "heights" in data.picture ? LandscapePage : ShotPage);
