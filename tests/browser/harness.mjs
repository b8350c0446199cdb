// SPDX-License-Identifier: Apache-2.0
// A browser, pages in it that record what went wrong, and a count of what passed.
import { chromium } from "playwright-core";
import { pathToFileURL } from "node:url";
import path from "node:path";

const switches = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync"];

export class Harness {
	constructor(folder) {
		this.folder = folder;
		this.passed = 0;
		this.failed = 0;
	}

	async start() {
		this.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: switches });
	}

	async stop() {
		await this.browser.close();
	}

	url(name) {
		return pathToFileURL(path.join(this.folder, name + ".html")).href;
	}

	// A page with the lists of what it said, asked for and popped up.
	async open(name, options = {}) {
		const { fragment = "", ...rest } = options;
		const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...rest });
		const page = await context.newPage();
		page.said = [];
		page.asked = [];
		page.on("console", (message) => page.said.push(message.type() + ": " + message.text()));
		page.on("pageerror", (error) => page.said.push("error: " + error));
		page.on("dialog", async (dialog) => {
			page.said.push("dialog: " + dialog.message());
			await dialog.dismiss();
		});
		page.on("request", (request) => page.asked.push(request.url()));
		await page.goto(this.url(name) + fragment);
		return page;
	}

	async check(name, test) {
		const before = this.browser.contexts().length;
		try {
			await test();
			this.passed++;
		} catch (error) {
			this.failed++;
			console.log("browser: " + name + ": " + error.message);
		}
		for (const context of this.browser.contexts().slice(before))
			await context.close();
	}
}

export const same = (seen, wanted, what) => {
	const [a, b] = [JSON.stringify(seen), JSON.stringify(wanted)];
	if (a !== b)
		throw new Error(what + ": " + a + " instead of " + b);
};

export const holds = (condition, what) => {
	if (!condition)
		throw new Error(what);
};
