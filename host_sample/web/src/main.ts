// The entry of the page: what the first list needs. Only here stands where the rest is fetched from.
import { start } from "./app/start";
import { fetchDeferredBy } from "./host/deferred";

fetchDeferredBy(() => import("./parts"));
void start();
