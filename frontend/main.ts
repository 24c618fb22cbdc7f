// The one entry of the front end. Every page works without it; it only makes pages nicer.
import "./style.css";

import htmx from "htmx.org";

import { drawCharts } from "./charts";
import { helpParties } from "./draws";
import { improveMenus, showWhereWeAre } from "./menus";
import { improveUpdates, showErrors } from "./updates";

improveMenus(document);
improveUpdates(document);
showWhereWeAre(document);
showErrors(document);
helpParties(document);

// Fires once for the page and again for whatever htmx puts into it later.
htmx.onLoad((part) => drawCharts(part as ParentNode));
