// Asks the browser's authenticator the question that a form holds, and sends its answer with the form.
"use strict";

for (const form of document.querySelectorAll("form[data-question]")) {
  const show = (name) => {
    for (const line of form.querySelectorAll("[data-told]")) line.hidden = line.dataset.told !== name;
  };
  const make = form.dataset.kind === "make";
  const Key = window.PublicKeyCredential;
  if (!Key?.parseCreationOptionsFromJSON || !Key.parseRequestOptionsFromJSON) {
    show("unsupported");
    continue;
  }
  const ask = async () => {
    const question = JSON.parse(form.dataset.question);
    const credential = make
      ? await navigator.credentials.create({ publicKey: Key.parseCreationOptionsFromJSON(question) })
      : await navigator.credentials.get({ publicKey: Key.parseRequestOptionsFromJSON(question) });
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show("");
    ask().catch(() => show("failed"));
  });
  form.querySelector("button").disabled = false;
}
