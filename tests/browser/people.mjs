// The made-up people of the demo, and how they come in.
import { judge, url } from "./browser.mjs";

export const citizen = { number: "10000000146", name: "Işıl Çağrı Yeşildağ", password: "deneme-146" };
export const operator = { number: "30000000328", name: "Şükrü Özçelik", password: "deneme-328" };

/** Steps 2 to 4, to the menus. */
export async function login(page, person) {
	await page.goto(url);
	await judge(page, "giris");
	await page.getByRole("link", { name: "Giriş" }).click();
	await judge(page, "yontem");
	await page.getByRole("button", { name: "E-Devlet kapısına git" }).click();
	await page.waitForURL("**/demo/idp/giris/**");
	await judge(page, "e-devlet");
	await page.getByLabel("T.C. Kimlik No").fill(person.number);
	await page.getByLabel("e-Devlet Şifresi", { exact: false }).and(page.locator("input")).fill(person.password);
	await page.getByRole("button", { name: "Giriş Yap" }).click();
	await page.getByText(person.name).first().waitFor();
}
