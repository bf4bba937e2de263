// What the pages do by themselves; each of them works without this file.
(() => {
	"use strict";

	const announce = (text) => {
		const place = document.getElementById("announce");

		if (place)
			place.textContent = text;
	};

	// ----- the countdown: from the server's number by a clock that nobody can set; told aloud only at the marks

	let ended = () => {};

	const countdown = (root) => {
		const place = root.querySelector("[data-seconds]");

		if (!place)
			return;
		const total = Number(place.dataset.seconds);
		const marks = place.dataset.marks.split(" ").map(Number);
		const start = performance.now();
		const timer = setInterval(() => {
			const left = Math.max(0, total - Math.floor((performance.now() - start) / 1000));

			if (!place.isConnected) {
				clearInterval(timer);
				return;
			}
			if (String(left) === place.textContent)
				return;
			place.textContent = String(left);
			if (marks.includes(left))
				announce(`${place.dataset.left} ${left} ${place.dataset.unit}`);
			if (left === 0) {
				clearInterval(timer);
				ended();
			}
		}, 250);
	};

	// ----- the copy button

	const copy = (root) => {
		for (const button of root.querySelectorAll("[data-copy]")) {
			if (!navigator.clipboard)
				continue; // not a secure context; the code can be selected
			button.hidden = false;
			button.addEventListener("click", async () => {
				await navigator.clipboard.writeText(button.dataset.copy);
				announce("");
				announce(button.dataset.copied);
				button.textContent = button.dataset.copied;
			});
		}
	};

	// ----- the part of the page that moves on: asked for anew, as the server shows it

	const live = document.getElementById("live");

	const turn = (fresh) => {
		const said = fresh.querySelector("[data-announce]");
		const had_focus = live.contains(document.activeElement);

		live.dataset.state = fresh.dataset.state;
		live.replaceChildren(...fresh.childNodes);
		start(live);
		if (!said)
			return;
		announce(said.textContent);
		if (had_focus)
			live.querySelector("[data-announce]").focus();
	};

	let asking = false;

	const renew = async () => {
		if (asking)
			return;
		asking = true;
		try {
			const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });

			if (answer.redirected) {
				location.replace(answer.url);
				return;
			}
			if (!answer.ok)
				return;
			const page = new DOMParser().parseFromString(await answer.text(), "text/html");
			const fresh = page.getElementById("live");

			if (fresh)
				turn(document.adoptNode(fresh));
		} catch {
			// The network is away: the next event, poll or look at the page asks again.
		} finally {
			asking = false;
		}
	};

	const start = (root) => {
		countdown(root);
		copy(root);
	};

	const listen = () => {
		const events = new EventSource(live.dataset.events);
		let poll = 0;

		events.onmessage = (event) => JSON.parse(event.data).state === live.dataset.state || renew();
		events.onopen = () => {
			clearInterval(poll);
			poll = 0;
		};
		events.onerror = () => {
			if (!poll)
				poll = setInterval(renew, 5000);
		};
		ended = () => setTimeout(renew, 1000);
		// A page that comes back, from the background or from history, may have missed something.
		document.addEventListener("visibilitychange", () => document.hidden || renew());
		addEventListener("pageshow", (event) => event.persisted && renew());
	};

	const poll = () => {
		const pause = document.querySelector("[data-pause]");
		let paused = false;

		setInterval(() => paused || document.hidden || renew(), 1000 * Number(live.dataset.poll));
		if (!pause)
			return;
		const words = [pause.textContent, pause.dataset.resume];

		pause.hidden = false;
		pause.addEventListener("click", () => {
			paused = !paused;
			pause.textContent = words[Number(paused)];
		});
	};

	start(document);
	if (live?.dataset.events)
		listen();
	else if (live?.dataset.poll)
		poll();
})();
