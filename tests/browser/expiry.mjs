// A code that nobody uses: a second service on the same store gives it ten seconds.
import { judge, visit } from "./browser.mjs";
import { code_of } from "./consent.mjs";
import * as kiosk from "./kiosk.mjs";
import { citizen, login } from "./people.mjs";
import { ok } from "./tap.mjs";

const short = process.env.EONAY_SHORT_URL;

/** A code that was opened, by what is no kiosk, and is then left alone. */
async function opened(page) {
	const there = await page.context().newPage();

	await there.goto(`${short}/e-onay`);
	await there.getByRole("button", { name: "Devam" }).click();
	const data = { code: await code_of(there), nonce: "nonce-0123456789abcdef", kiosk: "deneme" };

	await page.request.post(`${short}/v1/sessions/open`, { data });
	await there.getByRole("heading", { name: "Kodunuz terminalde açıldı" }).waitFor();
	return there;
}

/** Gets the code; what is returned looks after it later, when it has run out while other stories were told. */
export async function expiry(browser) {
	const page = await visit(browser);

	await login(page, citizen);
	await page.goto(`${short}/e-onay`);
	await page.getByRole("button", { name: "Devam" }).click();
	const code = await code_of(page);
	const left = await opened(page);

	return async () => {
		await page.getByRole("heading", { name: "Kodun süresi doldu" }).waitFor();
		ok("the page tells by itself that the code ran out", (await page.locator("#code").count()) === 0);
		await left.getByRole("heading", { name: "Kodun süresi doldu" }).waitFor();
		ok("that of one that was opened, too", (await left.getByText("Kodunuz terminalde açıldı").count()) === 0);
		await judge(page, "e-onay-suresi-doldu");
		await kiosk.enter(code);
		await kiosk.sees("it refuses a code that ran out", "K-411");
		await kiosk.clear();
		await page.context().close();
	};
}
