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
	let timer = 0;

	const countdown = (root) => {
		const place = root.querySelector("[data-seconds]");

		clearInterval(timer);
		if (!place)
			return;
		const total = Number(place.dataset.seconds);
		const marks = place.dataset.marks.split(" ").map(Number);
		const start = performance.now();

		timer = setInterval(() => {
			const left = Math.max(0, total - Math.floor((performance.now() - start) / 1000));

			if (String(left) !== place.textContent) {
				place.textContent = String(left);
				if (marks.includes(left))
					announce(`${place.dataset.left} ${left} ${place.dataset.unit}`);
			}
			if (left === 0) { // asked again as long as the page's state is not the last one
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
	let hang_up = () => {};

	// The same state: what is there stays, with its focus and what was copied; the time left is the server's again.
	const set_clock = (fresh) => {
		const seconds = fresh.querySelector("[data-seconds]")?.dataset.seconds;
		const place = live.querySelector("[data-seconds]");

		if (!seconds || !place)
			return;
		place.dataset.seconds = seconds;
		countdown(live);
	};

	const turn = (fresh) => {
		const said = fresh.querySelector("[data-announce]");
		const had_focus = live.contains(document.activeElement);

		live.dataset.state = fresh.dataset.state;
		live.replaceChildren(...fresh.childNodes);
		start(live);
		if (!fresh.dataset.events)
			hang_up();
		if (!said)
			return;
		announce(said.textContent);
		if (had_focus)
			live.querySelector("[data-announce]").focus();
	};

	// A page without states: whoever reads the table goes on where they are.
	const refresh = (fresh) => {
		if (fresh.innerHTML === live.innerHTML)
			return;
		const { scrollLeft = 0 } = live.querySelector(".scroll") ?? {};
		const had_focus = live.contains(document.activeElement);

		live.replaceChildren(...fresh.childNodes);
		const table = live.querySelector(".scroll");

		if (!table)
			return;
		table.scrollLeft = scrollLeft;
		if (had_focus)
			table.focus({ preventScroll: true });
	};

	const take = (fresh) => {
		if (!live.dataset.state)
			refresh(fresh);
		else if (fresh.dataset.state === live.dataset.state)
			set_clock(fresh);
		else
			turn(document.adoptNode(fresh));
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
				take(fresh);
		} catch {
			// The network is away: the next event, poll or look at the page asks again.
		} finally {
			asking = false;
		}
	};

	// ----- who logs out does so in every tab: no code is left standing on a screen

	const tabs = new BroadcastChannel("eonay");

	if (!document.querySelector('form[action="/cikis"]'))
		tabs.postMessage("out");

	const start = (root) => {
		countdown(root);
		copy(root);
	};

	const listen = () => {
		const events = new EventSource(live.dataset.events);
		let poll = 0;

		events.onmessage = (event) => JSON.parse(event.data).state === live.dataset.state || renew();
		events.onopen = () => {
			if (!poll)
				return;
			clearInterval(poll);
			poll = 0;
			renew(); // the machine may have slept, and its clock with it
		};
		events.onerror = () => {
			if (!poll)
				poll = setInterval(renew, 5000);
		};
		hang_up = () => {
			events.close();
			clearInterval(poll);
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
	if (live)
		tabs.onmessage = renew;
	if (live?.dataset.events)
		listen();
	else if (live?.dataset.poll)
		poll();
})();
