// SPDX-License-Identifier: Apache-2.0
// node screenshot.mjs PAGE.html OUT.png [light|dark] [WIDTH] [HEIGHT]: a picture of a page as a reader sees it.
import path from "node:path";
import { Harness } from "./harness.mjs";

const [file, out, colorScheme = "light", width = "1280", height = "1600"] = process.argv.slice(2);
if (out === undefined) {
	console.error("use: node screenshot.mjs PAGE.html OUT.png [light|dark] [WIDTH] [HEIGHT]");
	process.exit(2);
}
const h = new Harness(path.resolve(path.dirname(file)));
await h.start();
const page = await h.open(path.basename(file, ".html"), { colorScheme, viewport: { width: Number(width), height: Number(height) } });
await page.screenshot({ path: out });
await h.stop();
