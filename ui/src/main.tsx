/** Where the page begins: what was drawn before React is seen before React takes the processor. */
import "./styles/index.css";

/** Long enough for a picture on its way, too short to be missed by a hand. */
const PATIENCE_MS = 800;

const patience = new Promise((resolve) => window.setTimeout(resolve, PATIENCE_MS));
void Promise.race([window.early?.seen, patience]).then(() => import("./start"));
