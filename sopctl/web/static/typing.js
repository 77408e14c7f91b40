"use strict";
// Whoever types is not idle: the session is kept while a form is filled in; without this it may end before the form is sent.
const EVERY = 5 * 60 * 1000;
let told = Date.now();
document.addEventListener("input", () => {
  if (Date.now() - told < EVERY) return;
  told = Date.now();
  fetch("/sesi", { redirect: "manual" }).catch(() => {});
});

// A picture that cannot be made just now leaves its words as a link, not a blank sheet.
const shrink = (picture) => ["width", "height"].forEach((name) => picture.removeAttribute(name));
document.addEventListener("error", (event) => event.target.matches?.("img.sheet") && shrink(event.target), true);
document.querySelectorAll("img.sheet").forEach((picture) => picture.complete && !picture.naturalWidth && shrink(picture));
