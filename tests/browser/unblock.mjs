// PIN Oluşturma/Kilit Çözme: the page gives a code, the kiosk does the rest.
import { judge, url, visit } from "./browser.mjs";
import { code_of } from "./consent.mjs";
import * as kiosk from "./kiosk.mjs";
import { citizen, login } from "./people.mjs";
import { ok } from "./tap.mjs";

export async function unblock(browser) {
	const page = await visit(browser);

	await login(page, citizen);
	await page.goto(`${url}/islemler/bireysel/pin`);
	await judge(page, "pin-1");
	await page.getByRole("button", { name: "Devam" }).click();
	const code = await code_of(page);

	await judge(page, "pin-2");
	await kiosk.unblock(code);
	await page.waitForURL("**/sonuc");
	ok("the page tells that the card is unblocked", await page.getByText("Kartınızın kilidi çözülmüş ve yeni PIN’iniz oluşturulmuştur.").isVisible());
	await judge(page, "pin-olustu");
	await kiosk.close();
	await page.context().close();
}
