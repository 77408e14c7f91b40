// What waits is asked for again while the page is looked at; that keeps no session.
const ASK_EVERY = 20 * 1000;
const told = document.getElementById("kabar");
const timer = setInterval(refresh, ASK_EVERY);
document.addEventListener("visibilitychange", refresh);

async function refresh() {
  const shown = document.getElementById("giliran");
  if (document.hidden || !getSelection().isCollapsed) return;
  const asked = new URL(shown.dataset.dari, location);
  asked.searchParams.set("keadaan", shown.dataset.keadaan);
  const answer = await fetch(asked, { redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") {
    clearInterval(timer);
    told.textContent = "Anda tidak masuk lagi, dan daftar ini tidak diperbarui. Muat ulang halaman ini.";
  }
  if (answer?.status === 200) replace(shown, await answer.text());
}

function replace(shown, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("giliran");
  if (!fresh || !shown.isConnected) return;
  const focused = shown.contains(document.activeElement) && document.activeElement.getAttribute("href");
  const now = new Date().toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
  if (words(fresh) !== words(shown)) told.textContent = `Daftar ini berubah pukul ${now}.`;
  shown.replaceWith(fresh);
  if (focused) fresh.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

// The cases and their steps; what is left of the time is another every minute.
const words = (list) => [...list.querySelectorAll("li p:nth-of-type(-n + 2)")].map((one) => one.textContent).join();
