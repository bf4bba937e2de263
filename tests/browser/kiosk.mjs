// The kiosk in its terminal: eonay in tmux, as tests/system/lib/terminal.sh has started it.
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { ok } from "./tap.mjs";

/** Of every virtual card. */
const pin = "123456";
const puk = "12345678";
const new_pin = "730418";

const tmux = (...args) => execFileSync("tmux", ["-S", process.env.EONAY_TMUX, "-f", "/dev/null", ...args], { encoding: "utf8" });

export const screen = () => tmux("capture-pane", "-p", "-t", "t");
export const types = (text) => tmux("send-keys", "-t", "t", "-l", "--", text);
export const press = (...keys) => tmux("send-keys", "-t", "t", ...keys);

/** Passes when the text comes onto the screen in time. */
export async function sees(what, text, seconds = 20) {
	const end = Date.now() + 1000 * seconds;
	let seen = screen();

	while (!seen.includes(text) && Date.now() < end) {
		await sleep(50);
		seen = screen();
	}
	if (!ok(`kiosk: ${what}`, seen.includes(text), `wanted on the screen: ${text}\n${seen.replace(/\d{5} \d{4} \d{4} \d{4}/g, "(code)")}`))
		throw new Error(`the kiosk does not show "${text}"`);
}

/** From the first screen with the code to the choice of the certificate. */
export async function enter(code) {
	await sees("it waits for a code", "Doğrulama Kodu");
	types(code);
	press("Enter");
}

/** From the text to İMZALA with the right PIN; what comes of it is the caller's to see. */
export async function sign_opened() {
	await sees("it shows the text", "İmzalanacak Metin 1:");
	press("End", "Enter");
	await sees("it lists the certificates", "RSA 2048");
	press("Down", "Enter");
	await sees("it asks for the PIN", "İMZALA");
	types(pin);
	press("Enter");
}

/** The same from the first screen on. */
export async function sign(code) {
	await enter(code);
	await sign_opened();
}

/** From the code to a card with a new PIN. */
export async function unblock(code) {
	await enter(code);
	await sees("it shows the card", "Işıl Çağrı Yeşildağ");
	press("Enter");
	await sees("it asks for the PUK", "PUK Kodu");
	types(puk);
	press("Enter");
	for (const title of ["[4 Yeni PIN]", "(tekrar)"]) {
		await sees("it asks for the new PIN", title);
		types(new_pin);
		press("Enter");
	}
	await sees("the card has its new PIN", "Yeni PIN kodunuz kartınızda");
}

/** Closes the last screen. */
export async function close() {
	await sees("it has come to its end", "Uygulamayı Kapat");
	press("Enter");
	await sees("the first screen comes back", "Doğrulama Kodu");
}

/** Clears a code that was refused. */
export async function clear() {
	press("Escape");
	await sees("the field is empty", "_____ ____ ____ ____");
}

/** Gives a signature up that was refused. */
export async function give_up() {
	press("Escape");
	await sees("it asks whether to leave", "İşlemden çıkılsın mı?");
	press("Left", "Enter");
	await sees("the first screen comes back", "Doğrulama Kodu");
}
