// SPDX-License-Identifier: Apache-2.0
// node page.mjs FOLDER NAME...: opens the pages of FOLDER as a reader, a keyboard, a screen reader's checker and a printer would.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Harness, holds, same } from "./harness.mjs";

const [folder, ...names] = process.argv.slice(2);
const h = new Harness(folder);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const visible_controls = (page) => page.evaluate(() =>
	[...document.querySelectorAll("details.control > summary")]
		.filter((summary) => summary.checkVisibility({ contentVisibilityAuto: true }))
		.map((summary) => summary.querySelector(".id").textContent));
const choose = (page, name, value) => page.selectOption(`#filters select[name=${name}]`, value);

async function quiet(name) {
	const page = await h.open(name);
	await page.waitForTimeout(200);
	same(page.said, [], "said in the console");
	same(page.asked, [h.url(name)], "asked for");
	same(await page.evaluate(() => document.readyState), "complete", "state");
}

async function policy() {
	const page = await h.open("gaps");
	const content = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', "content");
	holds(/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src data:; base-uri 'none'; form-action 'none'; /
		.test(content), "the policy is '" + content + "'");
	holds(!content.includes("unsafe"), "the policy has an unsafe part");
	const seen = await page.evaluate(() => new Promise((resolve) => {
		const broken = [];
		document.addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
		document.body.setAttribute("style", "color: red");
		fetch("http://127.0.0.1:9/").catch(() => {});
		new Image().src = "http://127.0.0.1:9/x.png";
		setTimeout(() => resolve(broken), 300);
	}));
	for (const directive of ["style-src-attr", "connect-src", "img-src"])
		holds(seen.includes(directive), directive + " was not enforced: " + seen);
}

// Somebody adds a script, a style and a picture to the file: the page's own policy stops all three.
async function spoiled() {
	const clean = readFileSync(new URL(h.url("gaps")), "utf8");
	writeFileSync(new URL(h.url("spoiled")), clean.replace("</main>", "</main><script>window.owned = 1</script>" +
		"<style>body { visibility: hidden }</style><img src='http://127.0.0.1:9/x.png' onerror='window.owned = 2'>"));
	const page = await h.open("spoiled");
	await page.waitForTimeout(300);
	same(await page.evaluate(() => window.owned === undefined), true, "the added script did not run");
	same(await page.isVisible("h1"), true, "the added style was not obeyed");
	holds(page.said.filter((line) => line.includes("Content Security Policy")).length >= 3, "said " + page.said);
}

async function filters() {
	const page = await h.open("gaps");
	const rows = [
		["verdict", "fail", ["repo.honest-time", "repo.signed"]],
		["verdict", "stale", ["repo.backup"]],
		["verdict", "not-judged", ["ci.pinned", "ci.gates", "host.build", "seal.drill", "key.hardware"]],
		["clause", "5.8.3", ["seal.signed", "seal.drill"]],
		["asset", "key", ["key.inventory", "key.hardware"]],
		["threat", "deletion", ["repo.backup", "repo.trusted-clone"]],
		["stage", "design", ["rule.custom"]],
		["grade", "asserted", ["repo.protected", "seal.signed"]],
	];
	for (const [name, value, wanted] of rows) {
		await choose(page, name, value);
		same((await visible_controls(page)).sort(), [...wanted].sort(), name + " " + value);
		same(await page.textContent("#shown"), wanted.length + " of 15 controls", "the count");
		await page.click("#clear");
	}
	await choose(page, "verdict", "fail");
	await choose(page, "stage", "release");
	same(await visible_controls(page), ["repo.honest-time"], "two filters together");
	await page.click("#clear");
	await page.fill("#filters input", "openpgp roster.yaml");
	same((await visible_controls(page)).sort(), ["repo.protected", "seal.signed"], "words");
	await page.fill("#filters input", "no such words anywhere");
	same(await page.isVisible("#none"), true, "'no control fits' is shown");
	await page.click("#clear");
	same((await visible_controls(page)).length, 10, "controls after clearing, those not judged folded away");
}

async function two_clicks() {
	const page = await h.open("gaps");
	await page.click(".card a[href='#clause-5.8.4']");
	await page.waitForTimeout(700);
	holds(await page.isVisible("[id='clause-5.8.4']"), "the clause is not in sight");
	const summary = page.locator("section.clause[aria-labelledby='clause-5.8.4'] summary", { hasText: "key.inventory" });
	const box = await summary.boundingBox();
	holds(box.y >= 0 && box.y < 900, "the control is not on the screen after one click: " + box.y);
	await summary.click();
	const digest = page.locator("[id='control-key.inventory'] .evidence .digest").first();
	holds(await digest.isVisible(), "the evidence is not to be seen after two clicks");
	await page.click(".card .gaps a[href='#control-repo.signed']");
	holds(await page.locator("[id='control-repo.signed'] .reason").isVisible(), "a gap's link doesn't open it");
}

async function keyboard() {
	const page = await h.open("gaps");
	const focused = () => page.evaluate(() => {
		const e = document.activeElement;
		return e.querySelector(".id")?.textContent ?? e.getAttribute("name") ?? e.className;
	});
	await page.keyboard.press("Tab");
	same(await focused(), "skip", "the first stop");
	await page.keyboard.press("/");
	same(await focused(), "find", "after /");
	await page.keyboard.type("honest-time");
	holds((await visible_controls(page)).length < 10, "typing does not filter");
	await page.keyboard.press("Escape");
	same((await visible_controls(page)).length, 10, "controls after Escape");
	await page.keyboard.press("/");
	await page.keyboard.press("ArrowDown");
	same(await focused(), "repo.honest-time", "arrow down from the words");
	await page.keyboard.press("ArrowDown");
	same(await focused(), "repo.signed", "arrow down");
	await page.keyboard.press("Enter");
	holds(await page.locator("[id='control-repo.signed']").isVisible(), "Enter does not open");
	await page.keyboard.press("ArrowUp");
	same(await focused(), "repo.honest-time", "arrow up");
	await page.keyboard.press("End");
	holds((await focused()).startsWith("silent") || (await focused()) !== "repo.honest-time", "End does not move");
	await page.keyboard.press("Home");
	same(await focused(), "repo.honest-time", "Home");
	await page.keyboard.press("Tab");
	same(await focused(), "repo.signed", "Tab to the next control");
	holds(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== "none"), "focus is not to be seen");
}

async function accessible(name, options) {
	const page = await h.open(name, options);
	await page.evaluate(() => {
		for (const details of document.querySelectorAll("details"))
			details.open = true;
		// Rows of one table are alike, and each costs time.
		for (const row of document.querySelectorAll(".findings tbody tr:nth-child(n + 11)"))
			row.remove();
		return new Promise((done) => setTimeout(done, 200));
	});
	await page.evaluate(axe);
	const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations
		.map((v) => v.id + ": " + v.help + " at " + v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")));
	same(found, [], "what axe finds");
}

async function narrow(name, width) {
	const page = await h.open(name, { viewport: { width, height: 800 } });
	await page.click("#open-all");
	const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
	holds(wide <= room, "the page is " + wide + " wide on a screen of " + room);
}

async function printed() {
	const page = await h.open("gaps");
	await choose(page, "verdict", "stale");
	await page.emulateMedia({ media: "print" });
	const hidden = await page.evaluate(() => [...document.querySelectorAll(".body, .silent, .alternative table, .evidence .digest")]
		.filter((e) => e.getClientRects().length === 0 || !e.checkVisibility({ contentVisibilityAuto: true }))
		.map((e) => e.id || e.className));
	same(hidden, [], "left out of print");
	same(await page.isVisible("#filters"), false, "the filters are printed");
	const pdf = await page.pdf({ format: "A4" });
	const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
	holds(pages > 10, "only " + pages + " pages are printed");
	same(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)", "paper");
	same(await page.evaluate(() => document.querySelectorAll("details.control[open]").length), 0, "left open after printing");
}

async function printed_dark() {
	const page = await h.open("gaps", { colorScheme: "dark" });
	await page.emulateMedia({ media: "print", colorScheme: "dark" });
	const [ink, paper] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]);
	same([ink, paper], ["rgb(30, 29, 26)", "rgb(255, 255, 255)"], "ink and paper");
}

async function hostile() {
	const page = await h.open("hostile");
	await page.click("#open-all");
	await page.mouse.move(300, 300);
	await page.waitForTimeout(200);
	same(page.said, [], "said");
	same(page.asked, [h.url("hostile")], "asked for");
	const seen = await page.evaluate(() => ({
		scripts: [...document.scripts].filter((script) => script.type === "").length,
		images: document.images.length,
		handlers: [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))).length,
		links: [...document.links].filter((a) => !a.getAttribute("href").startsWith("#")).length,
		bidi: /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u001b\u0007]/.test(document.body.textContent),
		shown: document.body.textContent.includes("<script>document.title='owned'</script>"),
		title: document.title,
	}));
	same([seen.scripts, seen.images, seen.handlers, seen.links, seen.bidi, seen.shown], [1, 0, 0, 0, false, true], "what hostile names made");
	holds(seen.title.startsWith("assay: "), "the title is '" + seen.title + "'");
}

async function soon(happens) {
	for (let i = 0; i < 50; i++) {
		if (await happens())
			return true;
		await new Promise((done) => setTimeout(done, 100));
	}
	return false;
}

async function without_script() {
	const page = await h.open("gaps", { javaScriptEnabled: false, fragment: "#control-repo.signed" });
	same(await page.isVisible("#filters"), false, "filters that could not work are shown");
	holds(await page.locator("[id='control-repo.signed'] .reason").isVisible(), "a link does not open its control");
	// Without scripts the driver can't wait for an element to stand still: a key finds it wherever it is by then.
	await page.locator("summary", { hasText: "key.inventory" }).press("Enter");
	const digest = page.locator("[id='control-key.inventory'] .evidence .digest").first();
	holds(await soon(() => digest.isVisible()), "a control does not open");
	same(await page.locator("details.control").count(), 15, "controls");
	same(await page.locator("[id='control-repo.signed'] .findings tbody tr").count(), 417, "findings");
}

async function map() {
	const page = await h.open("gaps");
	const labels = await page.evaluate(() => [...document.querySelectorAll(".panel svg")].map((svg) =>
		[svg.getAttribute("role"), ...svg.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).tagName)]));
	same(labels, Array(3).fill(["img", "title", "desc"]), "pictures");
	await page.click(".cell[data-asset=repository][data-threat=corruption][data-stage=release]");
	same(await visible_controls(page), ["repo.honest-time"], "a square's controls");
	await page.click("summary:text('The map as a table')");
	const row = page.locator(".alternative tbody tr", { hasText: "repository" }).filter({ hasText: "corruption" });
	holds((await row.textContent()).includes("fail (1 of 1)"), "the table does not say what the picture shows");
}

// What the example has to show beside its verdicts: section and words that stand in it.
const sections = { authority: "alice", access: "Carol Costa", claims: "every month", pipelines: "github.event.issue.title", risks: "a dependency is other code tomorrow",
	demonstration: "in part, the rest at review", "code-findings": "service_password", reviews: "everybody who signed it had a part in commit",
	standard: "doses and flows are whole numbers of their smallest unit" };
async function pump() {
	const page = await h.open("pump");
	for (const [id, words] of Object.entries(sections)) {
		const section = page.locator(`section[aria-labelledby='${id}']`);
		same(await section.count(), 1, "sections '" + id + "'");
		holds((await section.textContent()).includes(words), "'" + id + "' does not say '" + words + "'");
	}
	const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
	holds(wide <= room, "the page is " + wide + " wide on a screen of " + room);
}

// How long the page's thread has worked, in ms: with nothing else to do on the machine, that is the time that passes. Script, styles
// and layout; or all, painting included.
async function work_of(page, names = ["ScriptDuration", "RecalcStyleDuration", "LayoutDuration"]) {
	const inspector = await page.context().newCDPSession(page);
	await inspector.send("Performance.enable", { timeDomain: "threadTicks" });
	return async () => (await inspector.send("Performance.getMetrics")).metrics.filter((m) => names.includes(m.name))
		.reduce((sum, m) => sum + m.value * 1000, 0);
}

// Thousands of rules: what is typed and chosen is answered at once, layout included.
async function rules() {
	const page = await h.open("rules");
	const bar = page.locator("form[aria-label='Filter the rules']");
	const rows = page.locator("#standard-rules tr:not(.out)");
	const worked = await work_of(page);
	same(await rows.count(), 2345, "rules");
	for (const [words, wanted] of [["ERR33-C", 1], ["rule of the house 77 ", 38], ["no such words", 0], ["", 2345]]) {
		const before = await worked();
		await page.evaluate((text) => {
			const field = document.querySelector("form[data-rows] input");
			field.value = text;
			field.dispatchEvent(new Event("input", { bubbles: true }));
			document.body.getBoundingClientRect();
		}, words);
		const took = await worked() - before;
		same(await rows.count(), wanted, "rules that fit '" + words + "'");
		holds(took < 500, "filtering by '" + words + "' takes " + Math.round(took) + " ms");
	}
	await bar.locator("select[name=enforced]").selectOption("missing");
	same(await rows.count(), 345, "rules without a row");
	await bar.locator("select[name=severity]").selectOption("high");
	holds(await rows.count() < 124, "two filters together");
	same(await bar.locator("output").textContent(), (await rows.count()) + " of 2345", "the count");
	await bar.locator("input").press("Escape");
	same(await rows.count(), 2345, "rules after Escape");
	same(page.said, [], "said");
}

// What the script makes of the data is what the program itself writes.
async function code_rows() {
	const plain = await h.open("code", { javaScriptEnabled: false });
	const written = await plain.locator("#code-rows > .fault").evaluateAll((rows) => rows.map((row) => row.outerHTML));
	same(written.length, 60, "findings without a script");
	same(await plain.isVisible("#code-filter"), false, "a filter that could not work is shown");
	same(await plain.isVisible("#code-more"), false, "a button that could not work is shown");
	const page = await h.open("code");
	same(await page.locator("#code-rows > .fault").count(), 50, "findings at first");
	await page.click("#code-more");
	same(await page.evaluate(() => document.activeElement.closest(".fault") === document.getElementById("code-rows").children[50]), true,
		"the first new one has the focus");
	same(await page.isVisible("#code-more"), false, "more than all are offered");
	const made = await page.evaluate(async () => {
		const rows = [...document.querySelectorAll("#code-rows > .fault")];
		for (const row of rows)
			row.open = true;
		await new Promise((done) => setTimeout(done, 300));
		return rows.map((row) => {
			row.open = false;
			return row.outerHTML;
		});
	});
	made.forEach((row, i) => same(row, written[i], "row " + i));
	same(page.said, [], "said");
}

const code_filter = "#code-filter";
const code_count = (page) => page.locator(code_filter + " output").textContent();

async function code_filters() {
	const page = await h.open("code");
	const set = (name, value) => page.locator(`${code_filter} [name=${name}]`).evaluate((field, text) => {
		field.value = text;
		field.dispatchEvent(new Event("input", { bubbles: true }));
	}, value);
	const rows = [["state", "not observed", 5], ["severity", "high", 27], ["rule", "cert-c/DCL37-C", 8], ["engine", "flawfinder", 5],
		["file", "SRC/net", 12], ["words", "sem_wait handle_27", 1], ["words", "PR-4711", 7], ["words", "no such words", 0]];
	for (const [name, value, wanted] of rows) {
		await set(name, value);
		same(await code_count(page), wanted + " of 60", name + " " + value);
		same(await page.locator("#code-rows > .fault").count(), Math.min(wanted, 50), "rows of " + name + " " + value);
		await page.click(code_filter + " button[type=reset]");
		await page.waitForFunction(() => document.querySelector("#code-filter output").textContent === "60 of 60");
	}
	await set("state", "open");
	await set("severity", "high");
	await set("engine", "clang");
	const seen = await page.locator("#code-rows > .fault").evaluateAll((all) => all.map((row) =>
		row.querySelector(".verdict").textContent + " " + row.querySelector(".severity").textContent));
	holds(seen.length > 0 && seen.every((words) => words === "open high"), "three filters together give " + seen);
	await page.locator(code_filter + " input[name=file]").press("Escape");
	same(await code_count(page), "60 of 60", "after Escape");
}

// A finding's address leads to it, wherever it stands in the list.
async function code_address() {
	const page = await h.open("much-code");
	const last = await page.evaluate(() => JSON.parse(document.getElementById("code-data").textContent).rows.at(-1)[0]);
	const there = await h.open("much-code", { fragment: "#finding-" + last });
	holds(await soon(() => there.locator("#finding-" + last + " .about").isVisible()), "the last finding is not open");
	same(await code_count(there), "1 of 20000", "the count");
	const control = await h.open("code", { fragment: "#control-repo.signed" });
	await control.locator("[id='control-repo.signed'] .findings a[href^='#finding-']").click();
	holds(await soon(() => control.locator("#code-rows .fault[open] .excerpt").isVisible()), "a control's finding does not lead to its lines");
}

// From the event to the finished layout, of the rows on the screen too, median of five; the time that passes is printed beside it.
async function code_speed() {
	const page = await h.open("much-code");
	const bytes = readFileSync(new URL(h.url("much-code"))).length;
	const worked = await work_of(page, ["TaskDuration"]);
	same(await code_count(page), "20000 of 20000", "findings");
	await page.evaluate(() => document.getElementById("code-filter").scrollIntoView({ behavior: "instant" }));
	await page.waitForTimeout(500);
	const asked = [["words", "b"], ["words", "buffer"], ["words", "buffer handle_7"], ["words", "no such words"], ["words", ""],
		["state", "open"], ["severity", "high"], ["engine", "clang"], ["rule", "cert-c/MEM30-C"], ["rule", ""], ["file", "src/net/part1"],
		["file", ""], ["engine", ""], ["severity", ""], ["state", ""]];
	const answers = [];
	let passed = 0;
	for (const [name, value] of asked) {
		const times = [];
		const clock = [];
		for (let i = 0; i < 5; i++) {
			const before = await worked();
			clock.push(await page.evaluate(([name, value]) => {
				const field = document.getElementById("code-filter").elements.namedItem(name);
				const start = performance.now();
				field.value = value;
				field.dispatchEvent(new Event("input", { bubbles: true }));
				for (const place of [...document.querySelectorAll("#code-rows .place")].slice(0, 15))
					place.getBoundingClientRect();
				document.body.getBoundingClientRect();
				return performance.now() - start;
			}, [name, value]));
			times.push(await worked() - before);
		}
		answers.push([times.sort((a, b) => a - b)[2], name + " '" + value + "'"]);
		passed = Math.max(passed, Math.min(...clock));
	}
	const [slowest, what] = answers.sort((a, b) => a[0] - b[0]).at(-1);
	console.log("browser: 20,000 findings in a page of " + (bytes / 1e6).toFixed(1) + " MB: a filter answers with "
		+ Math.round(answers[answers.length >> 1][0]) + " ms of work, the slowest (" + what + ") with " + Math.round(slowest)
		+ " ms; on this machine at this hour within " + Math.round(passed) + " ms");
	holds(slowest < 100, "filtering by " + what + " takes " + Math.round(slowest) + " ms");
	same(page.said, [], "said");
}

async function code_without_script() {
	const page = await h.open("much-code", { javaScriptEnabled: false });
	same(await page.locator("#code-rows > .fault").count(), 1000, "findings that are listed");
	const note = await page.locator("#code-rest").textContent();
	holds(note.includes("1000 of 20000") && note.includes("19000 more are in findings.json"), "'" + note + "' does not say what is left out");
}

// What stands behind the findings.
async function code_demonstration() {
	const page = await h.open("code");
	const rules = page.locator("section[aria-labelledby='standard'] form[data-rows]");
	await rules.locator("select[name=shown]").selectOption("no");
	const looks = await page.locator("#standard-rules tr:not(.out)").evaluateAll((rows) => rows.map((row) => row.cells[4].textContent));
	holds(looks.length > 0 && looks.every((words) => words !== "shown" && words !== ""), "rules that aren't shown: " + looks);
	const engines = page.locator("section[aria-labelledby='demonstration'] table").first().locator("tbody tr");
	same(await engines.count(), 6, "engines");
	holds((await engines.nth(4).textContent()).includes("not run"), "a missing engine isn't named");
	await page.click("section[aria-labelledby='demonstration'] details > summary");
	holds(await page.isVisible("section[aria-labelledby='demonstration'] details table"), "rules that are shown don't open");
}

async function code_printed() {
	const page = await h.open("code");
	const pdf = await page.pdf({ format: "A4" });
	same(await page.locator("#code-rows .excerpt").count() > 40, true, "excerpts on paper");
	same(await page.locator("#code-rows > .fault").count(), 60, "findings on paper");
	holds(pdf.length > 0, "nothing is printed");
	await page.emulateMedia({ media: "print" });
	same(await page.isVisible("#code-filter"), false, "the filter is printed");
	const hidden = await page.locator("#code-rows .excerpt").evaluateAll((all) => all.filter((e) => e.getClientRects().length === 0).length);
	same(hidden, 0, "excerpts left out of print");
}

async function large() {
	const page = await h.open("large");
	const took = await page.evaluate(() => {
		const find = document.querySelector("#filters input");
		const start = performance.now();
		find.value = "unsigned";
		find.dispatchEvent(new Event("input", { bubbles: true }));
		return performance.now() - start;
	});
	holds(took < 1000, "filtering a large page takes " + Math.round(took) + " ms");
	same(page.said, [], "said");
}

await h.start();
for (const name of names)
	await h.check(name + " opens quietly", () => quiet(name));
await h.check("policy", policy);
await h.check("spoiled page", spoiled);
await h.check("filters", filters);
await h.check("clause, control, evidence in two clicks", two_clicks);
await h.check("keyboard", keyboard);
// All themes for the page with everything on it; the others in one each.
const themes = { light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, narrow: { viewport: { width: 390, height: 800 } } };
const by_axe = { gaps: ["light", "dark", "narrow"], catalogue: ["light"], real: ["dark"], rules: ["light"], pump: ["light", "narrow"], sound: ["dark"], hostile: ["light"], empty: ["light"],
	code: ["light", "dark", "narrow"] };
for (const name of names) {
	for (const theme of by_axe[name] ?? [])
		await h.check(name + " accessible, " + theme, () => accessible(name, themes[theme]));
}
for (const width of [320, 390, 768]) {
	for (const name of ["gaps", "code"])
		await h.check("no sideways scrolling of " + name + " at " + width, () => narrow(name, width));
}
await h.check("print", printed);
await h.check("print of a dark page", printed_dark);
await h.check("hostile names", hostile);
await h.check("without JavaScript", without_script);
await h.check("map", map);
await h.check("large page", large);
await h.check("findings in code, made by the script", code_rows);
await h.check("findings in code, filtered", code_filters);
await h.check("findings in code, by address", code_address);
await h.check("findings in code, without JavaScript", code_without_script);
await h.check("engines and what they showed", code_demonstration);
await h.check("findings in code, printed", code_printed);
await h.check("20,000 findings in code", code_speed);
if (names.includes("rules"))
	await h.check("thousands of rules", rules);
if (names.includes("pump"))
	await h.check("the example's sections", pump);
await h.stop();
console.log(h.passed + " passed, " + h.failed + " failed, 0 skipped");
process.exitCode = h.failed === 0 ? 0 : 1;
