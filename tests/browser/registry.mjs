// Certificates, what their status does to a signature, and the consents that were given.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { judge, url, visit } from "./browser.mjs";
import { get_code } from "./consent.mjs";
import * as kiosk from "./kiosk.mjs";
import { citizen, login } from "./people.mjs";
import { is, ok } from "./tap.mjs";

const operations = `${url}/islemler/bireysel`;

/** What the link saves. */
async function download(page, name) {
	const coming = page.waitForEvent("download");

	await page.getByRole("link", { name }).first().click();
	return coming;
}

const openssl = (...args) => execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

export async function certificates(browser) {
	const page = await visit(browser);

	await login(page, citizen);
	await page.goto(`${operations}/basvuru`);
	ok("the application is listed, with its note", await page.getByText("Belgeleriniz şubeye ulaştı.").isVisible());
	await judge(page, "basvuru-durum");
	await page.goto(`${operations}/sertifikalar`);
	for (const kind of ["RSA 2048", "EC 384"])
		ok(`the card's two are told apart: ${kind}`, await page.getByText(`Anahtar: ${kind}`).isVisible());
	await judge(page, "sertifika-listeleme");
	await page.getByRole("link", { name: "Detay" }).first().click();
	await judge(page, "sertifika-detayi");
	const serial = new URL(page.url()).searchParams.get("seri");
	const file = await (await download(page, "Sertifikayı indir")).path();

	is("openssl reads the certificate that was downloaded", openssl("x509", "-inform", "DER", "-in", file, "-noout", "-serial").trim(),
		`serial=${serial}`);
	await page.getByRole("link", { name: "Sertifikamı İptal Et" }).click();
	await judge(page, "iptal-2");
	await page.getByRole("button", { name: "İptal et" }).click();
	ok("nothing is revoked before the box is ticked", (await page.locator("#sure:invalid").count()) === 1);
	await page.goto(`${operations}/iptal`);
	await judge(page, "iptal-1");
	await page.context().close();
}

/** All certificates of the person go through the operation. */
async function change_all(page, path, button, name) {
	for (;;) {
		await page.goto(`${operations}/${path}`);
		await judge(page, `${path}-1`);
		const choice = page.getByRole("link", { name: "Seç" }).first();

		if ((await choice.count()) === 0)
			break;
		await choice.click();
		await judge(page, `${path}-2`);
		await page.getByRole("button", { name: button }).click();
		await page.getByText(name).waitFor();
		await judge(page, `${path}-oldu`);
	}
	await judge(page, `${path}-yok`);
}

export async function suspended(browser) {
	const page = await visit(browser);

	await login(page, citizen);
	await change_all(page, "askiya-alma", "Askıya al", "Sertifikanız askıya alınmıştır.");
	let code = await get_code(page);

	await kiosk.sign(code);
	await kiosk.sees("it refuses a suspended certificate", "askıya alınmış");
	await kiosk.give_up();
	await page.getByRole("heading", { name: "İşlem tamamlanamadı" }).waitFor();
	ok("the page tells the kiosk's reason", await page.getByText("Sertifika askıya alınmış.").isVisible());
	await judge(page, "e-onay-tamamlanamadi");
	await change_all(page, "askidan-indirme", "Askıdan indir", "Sertifikanız tekrar kullanıma açılmıştır.");
	code = await get_code(page);
	await kiosk.sign(code);
	await page.waitForURL("**/sonuc");
	ok("released, it signs again", await page.getByRole("heading", { name: "İŞLEM BAŞARILI" }).isVisible());
	await kiosk.close();
	await page.context().close();
}

export async function history(browser) {
	const page = await visit(browser);

	await login(page, citizen);
	await page.goto(`${url}/onaylarim`);
	await judge(page, "onaylarim");
	const receipt = await page.locator("main .mono").first().textContent();
	const consent = await download(page, "İndir (.p7s)");
	const file = await consent.path();
	const text = openssl("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", file, "-CAfile", process.env.EONAY_CA, "-purpose", "any");

	is("openssl verifies the consent that was downloaded", text,
		"Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.");
	ok("its name tells the day and the Alındı no", new RegExp(`^e-onay-\\d{4}-\\d\\d-\\d\\d-${receipt.slice(0, 8)}\\.p7s$`).test(consent.suggestedFilename()),
		consent.suggestedFilename());
	ok("it is DER", readFileSync(file)[0] === 0x30);
	ok("its time stamp is inside", openssl("cms", "-cmsout", "-print", "-inform", "DER", "-in", file).includes("id-smime-aa-timeStampToken"));
	await page.getByRole("link", { name: "Doğrulama raporu" }).first().click();
	ok("the report says that it is valid", await page.getByText("İmza geçerli.").isVisible());
	is("and no check is without result", await page.getByText("denetlenmedi").count(), 0);
	await judge(page, "dogrulama-raporu");
	await page.goto(`${url}/onaylarim`);
	const before = await page.getByText("Yürürlükte").count();

	await page.getByRole("link", { name: "Geri al" }).first().click();
	await judge(page, "geri-al");
	await page.getByRole("button", { name: "Onayımı geri al" }).click();
	await page.waitForURL("**/onaylarim");
	is("a consent is withdrawn", await page.getByText("Yürürlükte").count(), before - 1);
	await judge(page, "onaylarim-geri-alinmis");
	await page.context().close();
}
