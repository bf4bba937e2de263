// TAP for the browser's stories: see tests/system/lib/tap.sh for the shell's.

let count = 0;
let failed = false;

const diag = (text) => console.log(String(text).replace(/^/gm, "# "));

/** One test; detail is shown when it fails. Returns whether it passed. */
export function ok(what, passed, detail = "") {
	count++;
	failed ||= !passed;
	console.log(`${passed ? "ok" : "not ok"} ${count} - ${what}`);
	if (!passed && detail !== "")
		diag(detail);
	return Boolean(passed);
}

/** Passes when the two are the same. */
export function is(what, got, wanted) {
	return ok(what, got === wanted, `got:    ${got}\nwanted: ${wanted}`);
}

/** Runs a story; what it throws is its failure, and the others go on. */
export async function story(name, run) {
	const start = Date.now();

	try {
		await run();
		diag(`${name}: ${Date.now() - start} ms`);
	} catch (error) {
		ok(`${name}: to its end`, false, error.stack);
	}
}

export function done() {
	console.log(`1..${count}`);
	process.exitCode = failed ? 1 : 0;
}
