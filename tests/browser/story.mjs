// The whole procedure as a person goes through it, on real parts: chromium, the service, the kiosk, a card.
import { launch } from "./browser.mjs";
import { by_keyboard, logs_out_elsewhere, tekrar_kod_al, without_javascript } from "./consent.mjs";
import { desk, failures, led_on } from "./desk.mjs";
import { expiry } from "./expiry.mjs";
import { certificates, history, suspended } from "./registry.mjs";
import { by_signature } from "./signature.mjs";
import { done, story } from "./tap.mjs";
import { unblock } from "./unblock.mjs";

const browser = await launch();
let expired = () => {};

/** There is one kiosk: these are told one after the other. */
async function with_the_kiosk() {
	await story("by the keyboard", () => by_keyboard(browser));
	await story("without JavaScript", () => without_javascript(browser));
	await story("Tekrar Kod Al", () => tekrar_kod_al(browser));
	await story("a code runs out", () => expired());
	await story("login by e-İmza", () => by_signature(browser));
}

async function without_it() {
	await story("logging out elsewhere", () => logs_out_elsewhere(browser));
	await story("certificates", () => certificates(browser));
	await story("a provider that leads on", () => led_on(browser));
	await story("failures and English", () => failures(browser));
}

try {
	await story("a code is got and left alone", async () => {
		expired = await expiry(browser);
	});
	await Promise.all([with_the_kiosk(), without_it()]);
	await story("a suspended certificate", () => suspended(browser));
	await Promise.all([story("history", () => history(browser)), story("unblocking", () => unblock(browser)), story("the desk", () => desk(browser))]);
} finally {
	await browser.close();
}
done();
