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
		const find = value("find").toLowerCase().split(/\s+/).filter((word) => word !== "");
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
		const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
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
			const find = field.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
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
		bar.hidden = false;
		bar.addEventListener("input", pick);
		bar.addEventListener("submit", (event) => event.preventDefault());
		said.textContent = rows.length + " of " + rows.length;
	}

	form.hidden = false;
	document.documentElement.classList.add("script");
	form.addEventListener("input", apply);
	form.addEventListener("submit", (event) => event.preventDefault());
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
