// Logging in by e-İmza: the login itself is signed at the kiosk.
import { judge, url, visit } from "./browser.mjs";
import { code_of } from "./consent.mjs";
import * as kiosk from "./kiosk.mjs";
import { citizen } from "./people.mjs";
import { ok } from "./tap.mjs";

export async function by_signature(browser) {
	const page = await visit(browser);

	await page.goto(`${url}/giris`);
	await page.getByRole("button", { name: "E-Devlet kapısına git" }).click();
	await page.getByRole("link", { name: "Mobil İmza" }).click();
	await judge(page, "e-devlet-mobil");
	await page.getByRole("link", { name: "e-İmza", exact: true }).click();
	await judge(page, "e-devlet-e-imza");
	await page.getByLabel("T.C. Kimlik No").fill(citizen.number);
	await page.getByRole("button", { name: "Devam" }).click();
	const code = await code_of(page);

	await judge(page, "e-devlet-kod");
	await kiosk.sign(code);
	await page.waitForURL("**/islemler");
	ok("who has signed is logged in", await page.getByText(citizen.name).first().isVisible());
	await kiosk.close();
	await page.context().close();
}
