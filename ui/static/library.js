// Uploads files one after the other and shows how far each is; without it the form sends them all at once.
(() => {
  "use strict";
  const form = document.querySelector("form.upload");
  if (!form) return;
  const input = form.elements.files;
  const drop = form.querySelector(".drop");
  const box = document.getElementById("progress");
  const list = document.getElementById("progress-list");
  const said = document.getElementById("progress-said");
  const button = form.querySelector("button[type=submit]");

  const ENDED = {
    added: (one) => `追加しました（引用の単位 ${one.passages}）`,
    updated: (one) => `新しい内容に替えました（引用の単位 ${one.passages}）`,
    unchanged: () => "同じ内容がもうあります",
    failed: (one) => `追加できませんでした：${one.reason}`,
  };

  function line(name) {
    const item = document.createElement("li");
    item.className = "waiting";
    const title = document.createElement("strong");
    title.textContent = name;
    const words = document.createElement("span");
    words.textContent = " 待っています";
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", `${name}の進み具合`);
    bar.max = 1;
    bar.value = 0;
    item.append(title, words, bar);
    list.append(item);
    return {
      tell(text, share) {
        words.textContent = ` ${text}`;
        if (share === undefined) bar.removeAttribute("value");
        else bar.value = share;
      },
      end(status, text) {
        item.className = status;
        words.textContent = ` ${text}`;
        bar.remove();
      },
    };
  }

  // The server's news: one JSON object a line.
  function hear(shown, text) {
    for (const one of text.split("\n").filter(Boolean).map((part) => JSON.parse(part))) {
      if (one.kind === "progress") {
        shown.tell(one.stage.split(" / ")[0], one.total ? one.done / one.total : undefined);
      } else if (one.kind === "added") {
        const status = one.note ? ` ${one.note}` : "";
        shown.end(one.status, ENDED[one.status](one) + status);
        return one.status;
      } else if (one.kind === "error") {
        shown.end("failed", `追加できませんでした：${one.message}`);
        return "failed";
      }
    }
    return null;
  }

  function send(file, visibility, shown) {
    return new Promise((resolve) => {
      const data = new FormData();
      data.append("files", file);
      data.append("visibility", visibility);
      const request = new XMLHttpRequest();
      request.open("POST", "/api/documents");
      request.setRequestHeader("Accept", "application/x-ndjson");
      request.upload.onprogress = (event) => shown.tell("送っています", event.loaded / event.total);
      let heard = 0;
      let status = null;
      const read = () => {
        if (request.status !== 200 || status) return;
        const whole = request.responseText.lastIndexOf("\n") + 1;
        status = hear(shown, request.responseText.slice(heard, whole));
        heard = whole;
      };
      request.onprogress = read;
      request.onload = () => {
        read();
        if (!status) shown.end("failed", `追加できませんでした：${detail(request)}`);
        resolve(status ?? "failed");
      };
      request.onerror = () => {
        shown.end("failed", "接続が切れました。一覧で確かめてください");
        resolve("failed");
      };
      request.send(data);
    });
  }

  function detail(request) {
    try {
      return JSON.parse(request.responseText).detail;
    } catch {
      return `${request.status}`;
    }
  }

  async function upload() {
    const files = [...input.files];
    const visibility = form.elements.visibility.value;
    button.disabled = true;
    box.hidden = false;
    list.replaceChildren();
    const shown = files.map((file) => line(file.name));
    let failed = 0;
    for (const [number, file] of files.entries()) {
      if (await send(file, visibility, shown[number]) === "failed") failed += 1;
    }
    said.textContent = `${files.length}件が終わりました。${failed ? `${failed}件は追加できませんでした。` : ""}`;
    form.reset();
    button.disabled = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    upload();
  });
  for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", over);
      if (name === "drop" && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        upload();
      }
    });
  }
})();
