// SPDX-License-Identifier: Apache-2.0
// Filters and keys. The page is whole without it: everything stands in details elements.
"use strict";
(() => {
	const form = document.getElementById("filters");
	const controls = [...document.querySelectorAll("details.control")];
	const silent = [...document.querySelectorAll("details.silent")];
	const clauses = [...document.querySelectorAll("section.clause")];
	const shown = document.getElementById("shown");
	const none = document.getElementById("none");
	const words = new Map();
	const exact = ["verdict", "clause"];
	const among = ["asset", "threat", "stage", "grade"];
	const words_in = (text) => text.toLowerCase().split(/\s+/).filter((word) => word !== "");
	// A filter is of no use without this script, and hidden until then.
	const serve = (bar, pick) => {
		bar.hidden = false;
		bar.addEventListener("input", pick);
		bar.addEventListener("submit", (event) => event.preventDefault());
	};

	const text = (control) => {
		if (!words.has(control))
			words.set(control, control.textContent.toLowerCase());
		return words.get(control);
	};
	const value = (name) => form.elements.namedItem(name).value;
	const fits = (control, find) =>
		exact.every((name) => value(name) === "" || control.dataset[name] === value(name)) &&
		among.every((name) => value(name) === "" || control.dataset[name].includes("|" + value(name) + "|")) &&
		find.every((word) => text(control).includes(word));
	const is_filtered = () => [...exact, ...among, "find"].some((name) => value(name).trim() !== "");

	const apply = () => {
		const find = words_in(value("find"));
		let count = 0;
		for (const control of controls) {
			const fit = fits(control, find);
			control.classList.toggle("out", !fit);
			count += fit ? 1 : 0;
		}
		for (const group of silent) {
			const left = group.querySelector(".control:not(.out)") !== null;
			group.classList.toggle("out", !left);
			group.open = left && is_filtered();
		}
		for (const clause of clauses)
			clause.classList.toggle("out", clause.querySelector(".control:not(.out)") === null);
		none.hidden = count !== 0;
		shown.textContent = count + " of " + controls.length + " controls";
	};
	const clear = () => {
		form.reset();
		apply();
	};
	const open = (yes) => {
		for (const details of [...silent, ...controls]) {
			if (!details.classList.contains("out"))
				details.open = yes;
		}
	};
	const walk = (step) => {
		const list = [...document.querySelectorAll("details.control:not(.out) > summary, details.silent:not(.out) > summary")]
			.filter((summary) => summary.checkVisibility === undefined || summary.checkVisibility());
		const at = list.indexOf(document.activeElement.closest("summary"));
		const next = step === Infinity ? list.length - 1 : step === -Infinity ? 0 : at + step;
		if (list[next] !== undefined)
			list[next].focus();
	};
	const show_target = () => {
		const wanted = decodeURIComponent(location.hash.slice(1));
		if (wanted.startsWith("finding-"))
			show_finding(wanted.slice("finding-".length));
		const target = document.getElementById(wanted);
		if (target === null)
			return;
		if (target.closest(".out") !== null)
			clear();
		for (let d = target.closest("details"); d !== null; d = d.parentElement.closest("details"))
			d.open = true;
	};

	// Tables of many rows: a form with data-rows names the body of its table; its selects are held against the rows' data. Only
	// rows that change are touched, and words are read once.
	const many = new Map();
	for (const bar of document.querySelectorAll("form[data-rows]")) {
		const rows = [...document.getElementById(bar.dataset.rows).rows];
		const said = bar.querySelector("output");
		const selects = [...bar.querySelectorAll("select")];
		const field = bar.querySelector("input[type=search]");
		let lower = null;
		const pick = () => {
			lower ??= rows.map((row) => row.textContent.toLowerCase());
			const find = words_in(field.value);
			const wanted = selects.filter((select) => select.value !== "");
			let count = 0;
			rows.forEach((row, i) => {
				const fit = wanted.every((select) => row.dataset[select.name] === select.value) &&
					find.every((word) => lower[i].includes(word));
				if (row.classList.contains("out") === fit)
					row.classList.toggle("out", !fit);
				count += fit ? 1 : 0;
			});
			said.textContent = count + " of " + rows.length;
		};
		many.set(bar, pick);
		serve(bar, pick);
		said.textContent = rows.length + " of " + rows.length;
	}

	// Findings in code: the page's data holds them all, of which the first that fit stand in the page, each row as the program itself
	// writes it. Texts stand once and are named by their number; lists begin with a number that means nothing.
	const code_rows = () => {
		const PAGE = 50, PRINTED = 1000;
		const [STATE, SEVERITY, RULE] = [2, 3, 4];
		const bar = document.getElementById("code-filter");
		const list = document.getElementById("code-rows");
		const rest = document.getElementById("code-rest");
		const more = document.getElementById("code-more");
		const said = bar.querySelector("output");
		const { total, texts, rows } = JSON.parse(document.getElementById("code-data").textContent);
		const pattern = list.querySelector(".mark");
		let lower = null;
		let fit = rows;
		let shown_rows = 0;

		const el = (tag, name, ...inside) => {
			const e = document.createElement(tag);
			if (name !== "")
				e.className = name;
			e.append(...inside);
			return e;
		};
		const mark = (look) => {
			const picture = pattern.cloneNode(true);
			picture.firstElementChild.setAttribute("href", "#mark-" + look.slice(2));
			return picture;
		};
		const excerpt = (text, first, here) => {
			const lines = el("ol", "excerpt", ...text.split("\n").map((line, i) => el("li", first + i === here ? "here" : "", el("code", "", line))));
			lines.setAttribute("start", first);
			lines.querySelector(".here")?.setAttribute("aria-current", "true");
			return lines;
		};
		const reports = (list_of) => {
			const items = [];
			for (let i = 1; i < list_of.length; i += 3)
				items.push(el("li", "", el("code", "", texts[list_of[i]]), el("bdi", "", texts[list_of[i + 1]]),
					el("span", "at", list_of[i + 2] > 0 ? "line " + list_of[i + 2] : "")));
			return el("ul", "reports", ...items);
		};
		const facts = (list_of, identity) => {
			const about = el("dl", "about");
			const add = (term, text) => about.append(el("div", "", el("dt", "", term), el("dd", "", text)));
			for (let i = 1; i < list_of.length; i += 2)
				add(texts[list_of[i]], texts[list_of[i + 1]]);
			add("Identity", identity);
			return about;
		};
		const place = (row) => texts[row[6]] + (row[7] > 0 ? ":" + row[7] : "") + (row[7] > 0 && row[8] > 0 ? ":" + row[8] : "");
		// What a row opens to is made when it is opened, for 20,000 of them have to answer at once.
		const fill = (details) => {
			if (details.lastElementChild.tagName !== "SUMMARY")
				return;
			const [, , , , , , , line, , first, code, , about, seen, unseen] = made.get(details);
			const body = el("div", "body");
			if (texts[code] !== "")
				body.append(excerpt(texts[code], first, line));
			if (seen.length > 1)
				body.append(reports(seen));
			if (unseen > 0)
				body.append(el("p", "note", unseen + " more reports in findings.json"));
			body.append(facts(about, made.get(details)[0]));
			details.append(body);
		};
		const made = new WeakMap();
		const make = (row) => {
			const [identity, look, state, severity, rule, message] = row;
			const details = el("details", "fault " + texts[look],
				el("summary", "", el("span", "verdict", mark(texts[look]), texts[state]), el("span", "severity", texts[severity]),
					el("span", "said", el("bdi", "", texts[message]), el("code", "place", place(row))),
					el("span", "tags", el("code", "", texts[rule]), el("span", "agree", texts[row[11]]))));
			details.id = "finding-" + identity;
			made.set(details, row);
			return details;
		};

		const show = (count) => {
			const until = Math.min(fit.length, shown_rows + count);
			list.append(...fit.slice(shown_rows, until).map(make));
			shown_rows = until;
			const left = fit.length - until;
			more.hidden = left === 0;
			more.textContent = "Show " + Math.min(left, PAGE) + " more of " + left;
			const elsewhere = total - rows.length;
			rest.textContent = (left > 0 ? left + " more fit. " : "") + (elsewhere > 0 ? elsewhere + " more are in findings.json alone." : "");
		};
		// Words are looked for in all that a row shows.
		const words_of = (row) => {
			const named = [row[2], row[3], row[4], row[5], row[10], row[11], ...row[12].slice(1)];
			for (let i = 1; i < row[13].length; i += 3)
				named.push(row[13][i], row[13][i + 1]);
			return row[0] + "\n" + place(row).toLowerCase() + "\n" + named.map((n) => lower_texts[n]).join("\n");
		};
		let lower_texts = null;
		const read = () => {
			if (lower !== null)
				return;
			lower_texts = texts.map((text) => text.toLowerCase());
			lower = rows.map(words_of);
		};
		const chosen = (name) => bar.elements.namedItem(name).value;
		const pick = () => {
			read();
			const find = words_in(chosen("words"));
			const file = chosen("file").trim().toLowerCase();
			const number = (name) => chosen(name) === "" ? -1 : texts.indexOf(chosen(name));
			const exact_ones = [[STATE, "state"], [SEVERITY, "severity"], [RULE, "rule"]].filter(([, name]) => chosen(name) !== "")
				.map(([at, name]) => [at, number(name)]);
			const engine = chosen("engine") + "/";
			const by_engine = (seen) => {
				for (let i = 1; i < seen.length; i += 3)
					if (texts[seen[i]].startsWith(engine))
						return true;
				return false;
			};
			fit = rows.filter((row, i) => exact_ones.every(([at, wanted]) => row[at] === wanted) &&
				(engine === "/" || by_engine(row[13])) && (file === "" || lower_texts[row[6]].includes(file)) &&
				find.every((word) => lower[i].includes(word)));
			list.replaceChildren();
			shown_rows = 0;
			show(PAGE);
			said.textContent = fit.length + " of " + total;
		};
		const show_finding = (identity) => {
			const row = rows.find((one) => one[0] === identity);
			if (row === undefined)
				return;
			if (document.getElementById("finding-" + identity) === null) {
				for (const field of bar.querySelectorAll("select, input"))
					field.value = field.name === "words" ? identity : "";
				pick();
			}
			fill(document.getElementById("finding-" + identity));
			document.getElementById("finding-" + identity).scrollIntoView();
		};

		many.set(bar, pick);
		serve(bar, pick);
		bar.addEventListener("reset", () => setTimeout(pick));
		more.addEventListener("click", () => {
			const first = shown_rows;
			show(PAGE);
			list.children[first].querySelector("summary").focus();
		});
		window.addEventListener("beforeprint", () => {
			if (shown_rows < PRINTED)
				show(PRINTED - shown_rows);
			[...list.children].forEach(fill);
		});
		list.addEventListener("toggle", (event) => fill(event.target), true);
		list.replaceChildren();
		show(PAGE);
		said.textContent = rows.length + " of " + total;
		setTimeout(read);
		return show_finding;
	};
	const show_finding = document.getElementById("code-data") === null ? () => {} : code_rows();

	document.documentElement.classList.add("script");
	serve(form, apply);
	document.getElementById("clear").addEventListener("click", clear);
	document.getElementById("open-all").addEventListener("click", () => open(true));
	document.getElementById("close-all").addEventListener("click", () => open(false));

	for (const cell of document.querySelectorAll(".cell[data-asset]")) {
		cell.addEventListener("click", () => {
			form.reset();
			for (const name of ["asset", "threat", "stage"])
				form.elements.namedItem(name).value = cell.dataset[name];
			apply();
			document.getElementById("controls").scrollIntoView();
		});
	}

	const keys = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
	document.addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.metaKey || event.altKey)
			return;
		const on = event.target;
		const typing = on.matches("input, select, textarea");
		if (event.key === "/" && !typing) {
			event.preventDefault();
			form.elements.namedItem("find").focus();
		} else if (event.key === "Escape" && many.has(on.form)) {
			on.form.reset();
			many.get(on.form)();
			on.blur();
		} else if (event.key === "Escape" && (typing || is_filtered())) {
			clear();
			on.blur();
		} else if (event.key in keys && on.matches("details.control > summary, details.silent > summary")) {
			event.preventDefault();
			walk(keys[event.key]);
		} else if (event.key === "ArrowDown" && on.name === "find") {
			event.preventDefault();
			walk(1);
		}
	});
	window.addEventListener("hashchange", show_target);

	// What is closed on the screen is open on paper, in browsers whose style sheets can't say so.
	let closed = [];
	window.addEventListener("beforeprint", () => {
		closed = [...document.querySelectorAll("details:not([open])")];
		for (const details of closed)
			details.open = true;
	});
	window.addEventListener("afterprint", () => {
		for (const details of closed)
			details.open = false;
	});

	apply();
	if (location.hash !== "")
		show_target();
})();
