/* The markers of a map with their tooltips and popups, gathered into clusters where they are many. Texts are inserted as
   text nodes, never as HTML. Uses Leaflet and Leaflet.markercluster. */
"use strict";
(function () {
  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  }

  function hint(name, label) {
    const node = element("div", "map-hint");
    node.append(element("strong", "", name));
    if (label) node.append(element("span", "", label));
    return node;
  }

  /* The frame must not navigate the surrounding page, but a link in that page may: click one there. */
  function followInPage(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const page = window.parent.document;
    const link = page.createElement("a");
    link.href = event.currentTarget.getAttribute("href");
    link.hidden = true;
    page.body.append(link);
    link.click();
    link.remove();
  }

  class MapMarkers {
    constructor(map, texts) {
      this.map = map;
      this.texts = texts;
      this.layer = null;
      this.drawn = "";
    }

    place(markers, clusterFrom) {
      const wanted = JSON.stringify(markers);
      if (wanted === this.drawn) return; // an open popup stays open
      this.drawn = wanted;
      if (this.layer) this.map.removeLayer(this.layer);
      // Pins mark the main places of the page: they are never hidden in a cluster.
      const pins = markers.filter((marker) => marker.shape === "pin");
      const others = markers.filter((marker) => marker.shape !== "pin");
      const crowd = others.length < clusterFrom ? L.layerGroup() : L.markerClusterGroup({
        maxClusterRadius: 36,
        showCoverageOnHover: false,
        chunkedLoading: true,
        iconCreateFunction: (cluster) => {
          const count = cluster.getChildCount();
          const size = count < 10 ? 26 : count < 100 ? 32 : 38;
          return L.divIcon({ html: element("span", "", String(count)), className: "map-cluster", iconSize: [size, size] });
        },
      });
      for (const marker of others) crowd.addLayer(this.marker(marker));
      this.layer = L.layerGroup([crowd, ...pins.map((marker) => this.marker(marker))]).addTo(this.map);
    }

    marker({ lat, lon, shape, colour, fill, name, detail, sample, href, number }) {
      const drawn = element("span", `map-marker map-marker-${shape} map-marker-${fill}` + (sample ? " sample" : ""));
      if (number) {
        drawn.classList.add("numbered");
        drawn.append(element("b", "", String(number)));
      }
      drawn.style.setProperty("--mark", colour);
      const mark = L.marker([lat, lon], {
        icon: L.divIcon({ html: drawn, className: "map-marker-place", iconSize: [18, 18] }),
        alt: number ? `${number} ${name}` : name,
        riseOnHover: true,
        zIndexOffset: shape === "pin" ? 1000 : 0,
      });
      mark.bindTooltip(() => hint(name, sample ? this.texts.sample : ""), { className: "map-tooltip", offset: [8, 0] });
      mark.on("popupopen", () => mark.closeTooltip());
      mark.bindPopup(() => this.popup(name, detail, sample, href), { className: "map-popup", maxWidth: 260 });
      return mark;
    }

    popup(name, detail, sample, href) {
      const node = element("div");
      node.append(element("strong", "", name));
      if (sample) node.append(element("span", "map-sample", this.texts.sample));
      for (const line of detail) node.append(element("p", "", line));
      if (href) {
        const link = element("a", "", this.texts.open);
        link.href = href;
        link.target = "_blank"; // for clicks that open a new tab
        link.addEventListener("click", followInPage);
        node.append(link);
      }
      return node;
    }
  }

  window.mapMarkers = { MapMarkers, element, hint };
})();
