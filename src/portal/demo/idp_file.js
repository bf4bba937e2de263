/* Takes a file in place of pasted base64. */
"use strict";
(() => {
	const place = document.querySelector("[data-file]");
	const text = document.getElementById(place.dataset.file);
	place.hidden = false;
	place.querySelector("input").addEventListener("change", (event) => {
		const reader = new FileReader();
		reader.addEventListener("load", () => {
			text.value = reader.result.slice(reader.result.indexOf(",") + 1);
		});
		if (event.target.files[0])
			reader.readAsDataURL(event.target.files[0]);
	});
})();
