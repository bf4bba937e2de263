// The browser: Debian's chromium, and what each page is judged by.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { is, ok } from "./tap.mjs";

const require = createRequire(join(process.env.EONAY_NODE, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const url = process.env.EONAY_URL;
const artefacts = process.env.EONAY_ARTEFACTS;

const desktop = { width: 1280, height: 800 };
/** A small phone, and a desktop at 400 % (WCAG 1.4.10). */
const phone = { width: 320, height: 640 };
/** WCAG 2.2 AA, and what axe-core recommends beyond it. */
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// As root (in a container) chromium has no sandbox.
const options = process.getuid() === 0 ? ["--no-sandbox"] : [];

export const launch = () => chromium.launch({ executablePath: process.env.EONAY_CHROMIUM, args: options });

/** A browser of a person of its own. What a page says on its console is a failure. */
export async function visit(browser, more = {}) {
	const context = await browser.newContext({ viewport: desktop, locale: "tr-TR", reducedMotion: "reduce", ...more });
	const page = await context.newPage();

	page.setDefaultTimeout(20000);
	page.on("console", (message) => message.type() === "error" && !/status of (403|404|405|422)/.test(message.text()) &&
		ok(`${page.url()} is silent`, false, message.text()));
	page.on("pageerror", (error) => ok(`${page.url()} has no errors`, false, error.stack));
	return page;
}

const judged = new Set();

/** What is in order is not listed: that would take longer than looking for what is not. */
const how = JSON.stringify({ runOnly: rules, resultTypes: ["violations"], preload: false });

async function accessible(page, name, colours) {
	await page.emulateMedia({ colorScheme: colours });
	const violations = await page.evaluate(`axe.run(${how}).then((found) => found.violations)`);
	const told = violations.map((v) => `${v.id}: ${v.help}\n` + v.nodes.map((n) => `  ${n.target}: ${n.failureSummary}`).join("\n"));

	ok(`${name}: axe finds nothing, ${colours}`, violations.length === 0, told.join("\n"));
}

/** Codes and their pictures are nobody's business afterwards, and dead by then; the pictures show neither. */
const secret = (page) => [page.locator("#code"), page.locator(".qr")];

const picture = (page, name) =>
	page.screenshot({ path: join(artefacts, `${name}.png`), fullPage: true, mask: secret(page), maskColor: "#888888" });

const twins = new WeakMap();

/** The page in English, as another browser with the cookies of this one shows it. */
async function english(page, way) {
	if (!twins.has(page))
		twins.set(page, await visit(page.context().browser(), { locale: "en-GB" }));
	const twin = twins.get(page);
	const cookies = (await page.context().cookies()).filter(({ name }) => name !== "lang");

	await twin.context().addCookies([...cookies, { name: "lang", value: "en", url: page.url() }]);
	await way(twin);
	return twin;
}

/** What the two languages of a page have in common. (Elements in noscript are there only in what the script has fetched.) */
const bones = (page) => page.evaluate(() =>
	[...document.querySelectorAll("main *")].filter((e) => !e.closest("noscript")).map((e) => e.localName).join(" "));

async function judge_colours(page, name, language) {
	await page.evaluate(axe);
	for (const colours of ["light", "dark"]) {
		await accessible(page, `${name}, ${language}`, colours);
		if (language === "tr")
			await picture(page, `${name}-${colours}`);
	}
}

async function fits_phone(page, name, language) {
	await page.emulateMedia({ colorScheme: "light" });
	await page.setViewportSize(phone);
	const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");

	ok(`${name}, ${language}: fits a phone`, over <= 0, `${over} pixels too wide`);
	if (language === "tr")
		await picture(page, `${name}-phone`);
	await page.setViewportSize(desktop);
}

async function judge_in_english(page, name, way) {
	const twin = await english(page, way);

	is(`${name}: is in English`, await twin.locator("html").getAttribute("lang"), "en");
	is(`${name}: is the same page in English`, await bones(twin), await bones(page));
	await judge_colours(twin, name, "en");
	await fits_phone(twin, name, "en");
	await twin.goto("about:blank"); // the rest of a story is the page's alone
}

/** Judges the page as it stands, once for each name: axe in light and dark and both languages, no scrolling sideways, pictures
 * of it. The way leads another browser there, where the address alone does not. */
export async function judge(page, name, way = (twin) => twin.goto(page.url())) {
	if (judged.has(name))
		return;
	judged.add(name);
	await judge_colours(page, name, "tr");
	await judge_in_english(page, name, way);
	await fits_phone(page, name, "tr");
	ok(`${name}: has a title and a heading`, (await page.title()) !== "" && (await page.locator("h1").count()) === 1);
}

/** By the keyboard alone: Tab until the focus is on what has this name, and it is to be seen; then the key. */
export async function reach(page, name, key = "Enter") {
	for (let i = 0; i < 60; i++) {
		await page.keyboard.press("Tab");
		const at = await page.evaluate(() => {
			const e = document.activeElement;
			const style = getComputedStyle(e);

			return { name: (e.labels?.[0] ?? e).textContent.trim(), outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
		});

		if (at.name !== name)
			continue;
		ok(`keyboard: the focus is seen on ${name}`, at.outline);
		if (key)
			await page.keyboard.press(key);
		return;
	}
	throw new Error(`the keyboard does not reach ${name}`);
}
