// Keeps what is typed in a section as its draft, two seconds after the last key and when the page is left.
// A convenience on top: every button keeps the draft too, and everything works without this script.
(() => {
  const form = document.querySelector("form[data-autosave]");
  const said = document.getElementById("autosave");
  if (!form || !said || !window.fetch) return;
  const typed = () => {
    const data = new URLSearchParams(new FormData(form));
    data.set("do", "autosave");
    return data;
  };
  const content = (data) => {
    const copy = new URLSearchParams(data);
    copy.delete("draft");
    return copy.toString();
  };
  let kept = content(typed());
  let stopped = false;
  let timer = 0;

  async function keep() {
    const data = typed();
    if (stopped || content(data) === kept) return;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
      if (answer.status === 204) {
        kept = content(data);
        form.elements.draft.value = answer.headers.get("X-Draft") || "";
        said.textContent = "Draft kept at " + new Date().toLocaleTimeString("en-GB") + ".";
        return;
      }
      stopped = true;
      said.textContent = "Your draft is not kept by itself any more. Press a button to keep it.";
    } catch {
      said.textContent = "Your draft could not be kept just now. It is tried again as you type.";
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 2000);
  });
  // Rows of a spreadsheet pasted into one field go into the box for pasted rows, whole: nothing is guessed here.
  form.addEventListener("paste", (event) => {
    const rows = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    const list = event.target.closest("[data-rows]");
    const box = list && list.querySelector("[data-pastes]");
    if (!box || event.target === box || event.target.tagName === "TEXTAREA" || !rows.includes("\t")) return;
    event.preventDefault();
    box.closest("details").open = true;
    box.value = rows;
    box.focus();
    said.textContent = "The rows are in the box for pasted rows. Press “Add the pasted rows” to add them to your draft.";
  });
  form.addEventListener("submit", () => {
    stopped = true;
  });
  addEventListener("pagehide", () => {
    const data = typed();
    if (!stopped && content(data) !== kept) navigator.sendBeacon(form.action, data);
  });
})();
