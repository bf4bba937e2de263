/* The page that waits for a signature: counts down, and asks whether it has come. */
"use strict";
(() => {
	const status = document.querySelector("[data-watch]");
	const seconds = document.querySelector("[data-seconds]");
	const end = Date.now() + Number(seconds.textContent) * 1000;

	async function look() {
		try {
			const answer = await fetch(status.dataset.watch, { cache: "no-store" });
			const news = answer.ok ? (await answer.json()).state : "gone";
			if (news === "issued" || news === "open")
				return;
		} catch {
			return; /* the service will be back */
		}
		location.reload();
	}

	setInterval(() => {
		seconds.textContent = String(Math.max(0, Math.round((end - Date.now()) / 1000)));
	}, 1000);
	setInterval(look, 2000);
})();
