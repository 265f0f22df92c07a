// /open/map: the map that can be moved comes when it is asked for; the page says the same without it.
import { offerMap } from "../openmap.js";

offerMap();
