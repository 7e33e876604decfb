// “My location”: asks the browser for its position and writes it to the page's address.
// <button data-my-location data-clear="adcode crs" data-asking="…" data-insecure="…" data-denied="…"
//   data-unavailable="…" data-late="…">, next to an element with role="status" for messages.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-my-location]");
  if (!button) return;
  const told = button.parentElement.querySelector("[role=status]");
  const tell = (name) => { told.textContent = button.dataset[name]; };
  if (!window.isSecureContext || !navigator.geolocation) return tell("insecure");
  button.disabled = true;
  tell("asking");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const page = new URL(location.href);
      button.dataset.clear.split(" ").forEach((name) => page.searchParams.delete(name));
      page.searchParams.set("lon", coords.longitude.toFixed(5));
      page.searchParams.set("lat", coords.latitude.toFixed(5));
      page.searchParams.set("accuracy", Math.max(1, Math.round(coords.accuracy)));
      location.assign(page);
    },
    (error) => {
      button.disabled = false;
      tell({ 1: "denied", 3: "late" }[error.code] || "unavailable");
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
});
