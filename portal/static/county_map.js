/* The county map inside its frame: draws the county outlines, fetched once, and repaints them and the
   markers whenever the page sends a new state. Texts are inserted as text nodes, never as HTML. Uses Leaflet and Leaflet.markercluster. */
"use strict";
(function () {
  const SVG = "http://www.w3.org/2000/svg";

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  }

  /* One hidden SVG contains the hatch patterns; fills refer to them by id. */
  function hatching(style) {
    const id = "hatch-" + style.colour.slice(1) + "-" + style.hatch.slice(1);
    if (document.getElementById(id)) return "url(#" + id + ")";
    let drawing = document.getElementById("hatchings");
    if (!drawing) {
      drawing = document.createElementNS(SVG, "svg");
      drawing.id = "hatchings";
      drawing.setAttribute("width", 0);
      drawing.setAttribute("height", 0);
      drawing.setAttribute("aria-hidden", "true");
      document.body.append(drawing);
    }
    const pattern = document.createElementNS(SVG, "pattern");
    for (const [name, value] of Object.entries({
      id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    })) pattern.setAttribute(name, value);
    const ground = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ width: 6, height: 6, fill: style.colour })) ground.setAttribute(name, value);
    const line = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ width: 1.3, height: 6, fill: style.hatch })) line.setAttribute(name, value);
    pattern.append(ground, line);
    drawing.append(pattern);
    return "url(#" + id + ")";
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

  class CountyMap {
    constructor(map, options) {
      this.map = map;
      this.options = options;
      this.state = null;
      this.paths = new Map();
      this.rings = {};
      this.markers = null;
      this.markersDrawn = "";
      this.movedByVisitor = false;
      document.documentElement.lang = options.lang;
      if (window.frameElement) window.frameElement.title = options.title;
      map.attributionControl.setPrefix(false);
      for (const line of options.attribution) {
        map.attributionControl.addAttribution(element("span", "", line).outerHTML);
      }
      L.control.zoom({ zoomInTitle: options.texts.zoomIn, zoomOutTitle: options.texts.zoomOut }).addTo(map);
      // Leaflet focuses the map on mousedown; if the page scrolled then, mouseup would be over another
      // county.
      const container = map.getContainer();
      container.focus = () => HTMLElement.prototype.focus.call(container, { preventScroll: true });
      container.setAttribute("aria-label", options.title);
      // The wheel scrolls the page until the map has been clicked.
      map.scrollWheelZoom.disable();
      map.on("focus", () => map.scrollWheelZoom.enable());
      map.on("blur", () => map.scrollWheelZoom.disable());
      // On touch screens one finger scrolls the page, two move the map.
      if (L.Browser.mobile) map.dragging.disable();
      map.on("movestart", () => { if (!this.fitting) this.movedByVisitor = true; });
      map.on("resize", () => { if (!this.movedByVisitor) this.fit(false); });
      this.bounds = options.bounds;
      this.fit(false);
      this.fetchOutlines();
    }

    fit(animate) {
      this.fitting = true;
      this.map.fitBounds(this.bounds, { padding: [6, 6], animate });
      this.fitting = false;
      this.movedByVisitor = false;
    }

    async fetchOutlines() {
      try {
        const answer = await fetch(this.options.geometry);
        if (!answer.ok) throw new Error("HTTP " + answer.status);
        this.drawOutlines(await answer.json());
      } catch (error) {
        console.error("county outlines", error);
        const message = element("div", "map-failure", this.options.texts.failed);
        message.setAttribute("role", "alert");
        this.map.getContainer().append(message);
      }
    }

    drawOutlines(outlines) {
      L.geoJSON(outlines, {
        style: { ...this.options.outline, fillOpacity: this.options.fillOpacity, className: "county" },
        onEachFeature: (feature, path) => {
          const adcode = feature.properties.adcode;
          this.paths.set(adcode, path);
          path.bindTooltip(() => {
            const fill = this.state && this.state.fills[adcode];
            return fill ? hint(fill[1], fill[2]) : hint(adcode, "");
          }, { sticky: true, className: "map-tooltip" });
          path.on("mouseover", () => this.ring("hovered", adcode, this.options.hoveredOutline));
          path.on("mouseout", () => this.ring("hovered", null));
        },
      }).addTo(this.map);
      for (const [adcode, path] of this.paths) path.getElement().dataset.adcode = adcode;
      if (this.state) this.paint();
    }

    /* Draw an outline of a county above all others. The county's own path is not moved to the front:
       a path that is moved under the mouse loses the click. */
    ring(name, adcode, style) {
      if (this.rings[name]) this.map.removeLayer(this.rings[name]);
      const path = this.paths.get(adcode);
      this.rings[name] = path
        ? L.polygon(path.getLatLngs(), { ...style, fill: false, interactive: false, className: name }).addTo(this.map)
        : null;
      if (this.rings[name]) this.rings[name].getElement().dataset.adcode = adcode;
    }

    /* state: {styles: [{colour, hatch}], fills: {adcode: [style, name, label]}, highlight, markers, bounds} */
    show(state) {
      window.feature_group = []; // streamlit-folium keeps groups that were already removed from the map
      this.state = state;
      if (this.paths.size) this.paint();
      this.placeMarkers(state.markers, state.clusterFrom);
      const bounds = state.bounds || this.options.bounds;
      if (JSON.stringify(bounds) !== JSON.stringify(this.bounds)) {
        this.bounds = bounds;
        this.fit(true);
      }
    }

    paint() {
      const looks = this.state.styles.map(({ colour, hatch }) => ({
        fillColor: hatch ? hatching({ colour, hatch }) : colour,
        color: hatch || this.options.outline.color, // white would be invisible between two pale counties
      }));
      for (const [adcode, path] of this.paths) {
        const fill = this.state.fills[adcode];
        path.setStyle(fill ? looks[fill[0]] : { fillColor: this.options.unfilled, color: this.options.outline.color });
      }
      this.ring("chosen", this.state.highlight, this.options.chosenOutline);
    }

    placeMarkers(markers, clusterFrom) {
      const wanted = JSON.stringify(markers);
      if (wanted === this.markersDrawn) return; // an open popup stays open
      this.markersDrawn = wanted;
      if (this.markers) this.map.removeLayer(this.markers);
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
      this.markers = L.layerGroup([crowd, ...pins.map((marker) => this.marker(marker))]).addTo(this.map);
    }

    marker({ lat, lon, shape, colour, fill, name, detail, sample, href }) {
      const drawn = element("span", `map-marker map-marker-${shape} map-marker-${fill}` + (sample ? " sample" : ""));
      drawn.style.setProperty("--mark", colour);
      const mark = L.marker([lat, lon], {
        icon: L.divIcon({ html: drawn, className: "map-marker-place", iconSize: [18, 18] }),
        alt: name,
        riseOnHover: true,
        zIndexOffset: shape === "pin" ? 1000 : 0,
      });
      mark.bindTooltip(() => hint(name, sample ? this.options.texts.sample : ""), { className: "map-tooltip", offset: [8, 0] });
      mark.on("popupopen", () => mark.closeTooltip());
      mark.bindPopup(() => this.popup(name, detail, sample, href), { className: "map-popup", maxWidth: 260 });
      return mark;
    }

    popup(name, detail, sample, href) {
      const node = element("div");
      node.append(element("strong", "", name));
      if (sample) node.append(element("span", "map-sample", this.options.texts.sample));
      for (const line of detail) node.append(element("p", "", line));
      if (href) {
        const link = element("a", "", this.options.texts.open);
        link.href = href;
        link.target = "_blank"; // for clicks that open a new tab
        link.addEventListener("click", followInPage);
        node.append(link);
      }
      return node;
    }
  }

  window.countyMap = {
    begin(map, options) { map.counties = new CountyMap(map, options); },
    show(map, state) { map.counties.show(state); },
  };
})();
