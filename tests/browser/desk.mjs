// The registration desk, a provider that leads on, failures, the other language.
import { judge, url, visit } from "./browser.mjs";
import { citizen, login, operator } from "./people.mjs";
import { is, ok } from "./tap.mjs";

/** What refreshes by itself leaves whoever reads the table where they are. */
async function reads_on(page) {
	const table = page.getByRole("region", { name: "Günün işlemleri" });

	await page.clock.install();
	await page.reload();
	await table.focus();
	await page.locator("#count-title").evaluate((e) => (e.textContent = "old"));
	await page.clock.fastForward(11000);
	await page.getByRole("heading", { name: "Bugün" }).waitFor();
	ok("refreshing keeps the focus", await table.evaluate((e) => e === document.activeElement));
	await page.clock.resume();
}

export async function desk(browser) {
	const page = await visit(browser);

	await login(page, operator);
	await page.getByRole("link", { name: "Kayıt masası" }).click();
	await page.getByRole("heading", { name: "Günün işlemleri" }).waitFor();
	ok("the desk sees the kiosk", await page.locator("#live").getByText("deneme", { exact: true }).first().isVisible());
	is("and no whole number of a person", await page.getByText(citizen.number).count(), 0);
	is("and no name", await page.getByText(citizen.name).count(), 0);
	await judge(page, "kayit-masasi");
	await reads_on(page);
	await page.getByRole("button", { name: "Kendiliğinden yenilemeyi durdur" }).click();
	ok("refreshing can be stopped", await page.getByRole("button", { name: "Kendiliğinden yenilemeyi sürdür" }).isVisible());
	await page.getByLabel("Alındı no veya işlem no").fill("0".repeat(32));
	await page.getByRole("button", { name: "Ara" }).click();
	ok("what is not there is not found", await page.getByText("Bu numarayla bir kayıt bulunamadı.").isVisible());
	await judge(page, "kayit-masasi-arama");
	await page.context().close();
}

/** A provider may send the browser on to whom it asks itself, as the gateway of Kamu SM does: to any other origin. */
export async function led_on(browser) {
	const page = await visit(browser);
	const elsewhere = `${process.env.EONAY_SHORT_URL}/giris`;
	let answer = { status: 204 };
	const way = async (there) => {
		await there.route("**/demo/idp/authorize?**", (route) => route.fulfill(answer));
		await there.goto(`${url}/giris`);
		await there.locator("form[action='/giris/basla'] button").click();
		await there.waitForURL("**/giris/basla");
	};

	await way(page);
	await page.getByText("E-Devlet kapısına yönlendiriliyorsunuz.").waitFor();
	await judge(page, "yonlendirme", way);
	answer = { status: 302, headers: { location: elsewhere } };
	await page.goto(`${url}/giris`);
	await page.getByRole("button", { name: "E-Devlet kapısına git" }).click();
	await page.waitForURL(elsewhere);
	ok("a provider may lead on to another one", true);
	await page.context().close();
}

/** Who mistyped the password and loads the page anew sends it no second time. */
async function mistypes(page) {
	await page.goto(`${url}/giris`);
	await page.getByRole("button", { name: "E-Devlet kapısına git" }).click();
	await page.getByLabel("T.C. Kimlik No").fill(citizen.number);
	await page.getByLabel("e-Devlet Şifresi", { exact: false }).and(page.locator("input")).fill("yanlis");
	await page.getByRole("button", { name: "Giriş Yap" }).click();
	await page.getByRole("alert").waitFor();
	is("a failed login is told on a page that is asked for", (await page.reload()).request().method(), "GET");
	ok("and still told", await page.getByRole("alert").getByText("şifre hatalı").isVisible());
	await judge(page, "e-devlet-hatali");
}

export async function failures(browser) {
	const page = await visit(browser);

	await mistypes(page);
	await page.goto(`${url}/islemler`);
	is("who is not logged in is led to the beginning", page.url(), `${url}/`);
	is("an unknown page is one", (await page.goto(`${url}/yok`)).status(), 404);
	await judge(page, "bulunamadi");
	await login(page, citizen);
	is("the desk is for operators", (await page.goto(`${url}/gorevli`)).status(), 403);
	await judge(page, "yetkisiz");
	await page.goto(`${url}/yok`);
	ok("an unknown page keeps the menu", await page.getByRole("navigation", { name: "Ana menü" }).isVisible());
	is("a form's address is no page", (await page.goto(`${url}/cikis`)).status(), 405);
	await judge(page, "yontem-yok");
	await page.goto(`${url}/islemler`);
	await page.getByRole("link", { name: "English" }).click();
	is("English is a click away", await page.locator("html").getAttribute("lang"), "en");
	ok("and speaks English", await page.getByRole("heading", { name: "NES services" }).isVisible());
	await page.goto(`${url}/e-onay`);
	is("and stays", await page.locator("html").getAttribute("lang"), "en");
	await page.context().close();
}
