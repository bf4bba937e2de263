/* The helps of the official login page that need a script: the keyboard on the screen, and hiding what is typed. */
"use strict";
(() => {
	const keys = "1234567890qwertyuıopğüasdfghjklşizxcvbnmöç.-";

	function addKey(board, input, label, act) {
		const key = document.createElement("button");
		key.type = "button";
		key.className = "quiet";
		key.textContent = label;
		key.addEventListener("click", () => {
			act();
			input.dispatchEvent(new Event("input", { bubbles: true }));
		});
		board.append(key);
		return key;
	}

	function makeBoard(input) {
		const board = document.createElement("div");
		board.className = "keys";
		for (const key of input.inputMode === "numeric" ? keys.slice(0, 10) : keys)
			addKey(board, input, key, () => {
				if (input.value.length < input.maxLength)
					input.value += key;
			});
		addKey(board, input, "←", () => {
			input.value = input.value.slice(0, -1);
		}).setAttribute("aria-label", document.documentElement.lang === "en" ? "Delete" : "Sil");
		return board;
	}

	for (const place of document.querySelectorAll("[data-keyboard]"))
		place.hidden = false;
	for (const button of document.querySelectorAll("[data-show]")) {
		let board = null;
		button.setAttribute("aria-expanded", "false");
		button.addEventListener("click", () => {
			if (!board) {
				board = makeBoard(document.getElementById(button.dataset.show));
				button.parentElement.after(board);
			} else {
				board.hidden = !board.hidden;
			}
			button.setAttribute("aria-expanded", String(!board.hidden));
		});
	}
	for (const button of document.querySelectorAll("[data-mask]")) {
		const input = document.getElementById(button.dataset.mask);
		button.addEventListener("click", () => {
			const hide = input.type !== "password";
			input.type = hide ? "password" : "text";
			button.setAttribute("aria-pressed", String(hide));
		});
	}
})();
