// e-Onay: from Giriş to İŞLEM BAŞARILI.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { judge, reach, url, visit } from "./browser.mjs";
import * as kiosk from "./kiosk.mjs";
import { citizen, login } from "./people.mjs";
import { is, ok } from "./tap.mjs";

const work = process.argv[2];

/** The code as the page shows it. */
export async function code_of(page) {
	const shown = await page.locator("#code").textContent();

	ok("the code has 17 digits in groups", /^\d{5} \d{4} \d{4} \d{4}$/.test(shown));
	return shown.replaceAll(" ", "");
}

/** From the menus to a page with a code. */
export async function get_code(page) {
	await page.goto(`${url}/islemler`);
	await judge(page, "nes-islemleri");
	await page.getByRole("link", { name: "BİREYSEL İŞLEMLER" }).click();
	await judge(page, "bireysel-islemler");
	await page.getByRole("link", { name: "E-Onay İşlemleri" }).click();
	await judge(page, "e-onay-1");
	await page.getByRole("button", { name: "Devam" }).click();
	return code_of(page);
}

async function scanned(page) {
	const picture = join(work, "qr.png");

	writeFileSync(picture, await page.locator(".qr").screenshot());
	return execFileSync("zbarimg", ["-q", "--raw", picture], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}

/** The seconds go down by themselves. */
async function counts_down(page) {
	const before = Number(await page.locator(".seconds").textContent());

	await page.waitForFunction((n) => Number(document.querySelector(".seconds").textContent) < n, before);
	ok("the time left counts down from the server's", before > 200 && before <= 300, before);
}

/** Who has looked at another tab meanwhile finds the page as it was left, and the time that is left now. */
async function looks_away(page) {
	const button = page.getByRole("button", { name: "Kod kopyalandı." });

	await page.locator(".seconds").evaluate((e) => (e.dataset.seconds = "1000"));
	await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
	await page.waitForFunction(() => Number(document.querySelector(".seconds").dataset.seconds) <= 300);
	ok("coming back keeps the focus", await button.evaluate((e) => e === document.activeElement));
}

export async function by_keyboard(browser) {
	const page = await visit(browser, { permissions: ["clipboard-read", "clipboard-write"] });

	await page.goto(url);
	await judge(page, "giris");
	await page.keyboard.press("Tab");
	is("the first thing that Tab reaches skips the header", await page.evaluate("document.activeElement.textContent"), "İçeriğe geç");
	await reach(page, "Giriş");
	await page.waitForURL("**/giris");
	await judge(page, "yontem");
	await reach(page, "E-Devlet kapısına git");
	await page.waitForURL("**/demo/idp/**");
	await judge(page, "e-devlet");
	await reach(page, "* T.C. Kimlik No", null);
	await page.keyboard.type(citizen.number);
	await reach(page, "* e-Devlet Şifresi", null);
	await page.keyboard.type(citizen.password);
	await page.keyboard.press("Enter");
	await page.waitForURL("**/islemler");
	await judge(page, "nes-islemleri");
	await page.goto(`${url}/islemler/bireysel`);
	await judge(page, "bireysel-islemler");
	await page.goto(`${url}/e-onay`);
	await judge(page, "e-onay-1");
	await reach(page, "Devam");
	await page.waitForURL("**/e-onay/*");
	const code = await code_of(page);

	is("the QR code is the code", await scanned(page), code);
	await judge(page, "e-onay-2");
	await counts_down(page);
	await reach(page, "Kodu kopyalamak için tıklayınız.");
	await page.getByRole("button", { name: "Kod kopyalandı." }).waitFor();
	is("the copy button copies the code", await page.evaluate("navigator.clipboard.readText()"), code);
	is("and says so", await page.locator("#announce").textContent(), "Kod kopyalandı.");
	await looks_away(page);
	await kiosk.enter(code);
	await page.getByRole("heading", { name: "Kodunuz terminalde açıldı" }).waitFor();
	is("the page tells aloud that the kiosk has the code", await page.locator("#announce").textContent(), "Kodunuz terminalde açıldı");
	await judge(page, "e-onay-acildi");
	await kiosk.sign_opened();
	await page.waitForURL("**/sonuc");
	await page.getByRole("heading", { name: "İŞLEM BAŞARILI" }).waitFor();
	ok("the page turns to İŞLEM BAŞARILI by itself", await page.getByText("e-Onay verme işleminiz tamamlanmıştır.").isVisible());
	await judge(page, "islem-basarili");
	await kiosk.sees("it says that the signature is taken", "Tarayıcınıza giderek işleminize devam ediniz.");
	await kiosk.close();
	await page.context().close();
}

export async function without_javascript(browser) {
	const page = await visit(browser, { javaScriptEnabled: false });

	await login(page, citizen);
	const code = await get_code(page);

	await kiosk.enter(code);
	await kiosk.sees("it has the text", "İmzalanacak Metin 1:");
	await page.getByRole("link", { name: "Durumu şimdi yenile" }).click();
	ok("no script: the link asks anew", await page.getByRole("heading", { name: "Kodunuz terminalde açıldı" }).isVisible());
	await kiosk.sign_opened();
	await page.waitForURL("**/sonuc");
	ok("no script: the page turns to İŞLEM BAŞARILI by itself", await page.getByRole("heading", { name: "İŞLEM BAŞARILI" }).isVisible());
	await kiosk.close();
	await page.getByRole("button", { name: "Çıkış" }).click();
	await page.goto(`${url}/onaylarim`);
	ok("after Çıkış nothing is shown any more", await page.getByRole("link", { name: "Giriş" }).isVisible());
	await page.context().close();
}

export async function tekrar_kod_al(browser) {
	const page = await visit(browser);

	await login(page, citizen);
	const old = await get_code(page);
	const old_page = page.url();

	await page.getByRole("button", { name: "Tekrar Kod Al" }).click();
	await page.waitForURL((now) => String(now) !== old_page);
	const code = await code_of(page);

	ok("Tekrar Kod Al gives another code", code !== old);
	await kiosk.enter(old);
	await kiosk.sees("it refuses the old code", "K-41");
	await kiosk.clear();
	await kiosk.sign(code);
	await page.waitForURL("**/sonuc");
	await kiosk.close();
	await page.goto(old_page);
	await page.getByRole("heading", { name: "Bu kod geçersiz kılındı" }).waitFor();
	await judge(page, "e-onay-gecersiz");
	await page.context().close();
}

/** The code in another tab is gone with the person. */
export async function logs_out_elsewhere(browser) {
	const page = await visit(browser);

	await login(page, citizen);
	await get_code(page);
	const other = await page.context().newPage();

	await other.goto(`${url}/islemler`);
	await other.getByRole("button", { name: "Çıkış" }).click();
	await page.getByRole("link", { name: "Giriş" }).waitFor();
	is("logging out in one tab takes the code off the other", await page.locator("#code").count(), 0);
	await page.context().close();
}
