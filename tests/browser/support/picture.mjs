// Pictures to look at, written only where COCKPIT_PICTURES names a folder for them.
import { join } from "node:path";

export async function picture(page, name) {
  const folder = process.env.COCKPIT_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
