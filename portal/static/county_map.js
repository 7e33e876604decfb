/* The county map inside its frame: draws the county outlines, fetched once, and repaints them and the
   markers whenever the page sends a new state. What lies around, names and pictures are in map_*.js beside this file.
   Texts are inserted as text nodes, never as HTML. Uses Leaflet. */
"use strict";
(function () {
  const SVG = "http://www.w3.org/2000/svg";

  const { element, hint } = mapMarkers;

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

  async function fetchFeatures(address) {
    if (!address) return { features: [] };
    const answer = await fetch(address);
    if (!answer.ok) throw new Error("HTTP " + answer.status);
    return answer.json();
  }

  /* Where the visitor left each map of this page, by the map's key: a map that is created again, because its title has
     changed or the page did not show it while it computed, stands there again. Kept until the page is left. */
  function viewsOfPage() {
    return (window.parent.countyMapViews ||= {});
  }

  class CountyMap {
    constructor(map, options) {
      this.map = map;
      this.options = options;
      this.state = null;
      this.paths = new Map();
      this.rings = {};
      this.markers = new mapMarkers.MapMarkers(map, options.texts);
      this.movedByVisitor = false;
      document.documentElement.lang = options.lang;
      if (window.frameElement) window.frameElement.title = options.title;
      map.attributionControl.setPrefix(false);
      for (const line of options.attribution) {
        map.attributionControl.addAttribution(element("span", "", line).outerHTML);
      }
      L.control.zoom({ zoomInTitle: options.texts.zoomIn, zoomOutTitle: options.texts.zoomOut }).addTo(map);
      L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
      this.addSaving();
      mapGround.addPanes(map);
      this.spokes = new mapSpokes.MapSpokes(map);
      this.dots = new mapDots.MapDots(map);
      this.areas = new mapAreas.MapAreas(map);
      if (options.limits) map.setMaxBounds(options.limits);
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
      // What the page answers to a click is shown where the visitor is: the view stays.
      map.on("click", () => {
        this.clicked = true;
        this.keepView(null);
      });
      map.on("moveend", () => { if (this.movedByVisitor) this.keepView(this.bounds); });
      this.bounds = options.bounds;
      this.fit(false);
      this.loading = this.fetchOutlines();
      this.printWhole();
    }

    /* Let the visitor zoom out until the surroundings fill the map, and no farther than they go. */
    limitZoom() {
      const { map, options } = this;
      map.setMinZoom(0);
      const whole = map.getBoundsZoom(options.bounds);
      map.setMinZoom(options.limits ? Math.min(whole, map.getBoundsZoom(options.limits, true)) : Math.min(whole, 6));
    }

    fit(animate) {
      this.limitZoom();
      this.fitting = true;
      this.map.fitBounds(this.bounds, { padding: [6, 6], animate });
      this.fitting = false;
      this.movedByVisitor = false;
    }

    /* Remember where the map stands. bounds: those that the page asked for, which hold as long as it asks for no others;
       null: whatever it asks for next. */
    keepView(bounds) {
      viewsOfPage()[this.options.key] = { bounds, centre: this.map.getCenter(), zoom: this.map.getZoom() };
    }

    /* Stand where the visitor left the map before it was created again; return whether there is such a place. */
    restoreView(bounds) {
      const kept = viewsOfPage()[this.options.key];
      if (!kept || (kept.bounds && JSON.stringify(kept.bounds) !== JSON.stringify(bounds))) return false;
      this.fitting = true;
      this.map.setView(kept.centre, kept.zoom, { animate: false });
      this.fitting = false;
      this.movedByVisitor = true;
      this.bounds = kept.bounds = bounds;
      return true;
    }

    async fetchOutlines() {
      const { geometry, surroundings, texts } = this.options;
      try {
        const [outlines, around] = await Promise.all([geometry, surroundings].map(fetchFeatures));
        this.drawOutlines(outlines);
        this.drawAround(outlines, around.features);
      } catch (error) {
        console.error("county outlines", error);
        const message = element("div", "map-failure", texts.failed);
        message.setAttribute("role", "alert");
        this.map.getContainer().append(message);
      }
    }

    drawAround(outlines, features) {
      const { looks, zh } = this.options;
      const named = (feature) => feature.geometry.type === "Point";
      const areas = new Map(outlines.features.map(({ geometry, properties }) => [properties.adcode, geometry]));
      this.outlines = outlines;
      this.around = features.filter((feature) => !named(feature));
      this.borders = mapGround.cityBorders(outlines);
      mapGround.drawFeatures(this.map, this.around, looks);
      mapGround.drawLines(this.map, this.borders, this.options.cityBorder);
      this.names = new mapNames.MapNames(this.map, features.filter(named), areas, zh);
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
        ? L.polygon(path.getLatLngs(), { ...style, fill: false, interactive: false, className: name, pane: "rings" }).addTo(this.map)
        : null;
      if (this.rings[name]) this.rings[name].getElement().dataset.adcode = adcode;
    }

    /* state: {styles: [{colour, hatch}], fills: {adcode: [style, name, label]}, highlight, markers, spokes, areas, dots,
       bounds, legend, asked} */
    show(state) {
      window.feature_group = []; // streamlit-folium keeps groups that were already removed from the map
      const bounds = state.bounds || this.options.bounds;
      const restored = !this.state && this.restoreView(bounds);
      this.state = state;
      if (this.paths.size) this.paint();
      this.areas.place(state.areas);
      this.spokes.place(state.spokes);
      this.dots.place(state.dots);
      this.markers.place(state.markers, state.clusterFrom);
      if (this.names) this.names.draw();
      if (!restored && JSON.stringify(bounds) !== JSON.stringify(this.bounds)) {
        this.bounds = bounds;
        if (this.clicked) this.keepView(bounds);
        else {
          delete viewsOfPage()[this.options.key];
          this.fit(true);
        }
      }
      this.clicked = false;
    }

    addSaving() {
      const { texts } = this.options;
      const control = L.control({ position: "topright" });
      control.onAdd = () => {
        const box = element("div", "leaflet-bar map-saving");
        const button = element("button", "", "PNG");
        button.type = "button";
        button.title = texts.save;
        button.setAttribute("aria-label", texts.save);
        button.addEventListener("click", async () => {
          await Promise.all([this.loading, this.dots.loading]);
          mapPicture.save(this.picture(true), this.options.title);
        });
        L.DomEvent.disableClickPropagation(box);
        box.append(button);
        return box;
      };
      control.addTo(this.map);
    }

    /* In print the whole map stands in place of the part that the visitor looks at. */
    printWhole() {
      const put = () => {
        if (!this.outlines || document.getElementById("printed")) return;
        const canvas = this.picture(false);
        canvas.id = "printed";
        document.body.append(canvas);
      };
      const take = () => document.getElementById("printed")?.remove();
      window.addEventListener("beforeprint", put);
      window.addEventListener("afterprint", take);
      window.matchMedia("print").addEventListener("change", (event) => (event.matches ? put() : take()));
    }

    /* withHead: with title and what was asked, which a printed page says itself. */
    picture(withHead) {
      const { options, state } = this;
      const isGround = (feature) => ["sea", "border"].includes(feature.properties.kind);
      return mapPicture.draw({
        head: withHead ? [options.title, ...state.asked] : [],
        sources: options.sources,
        legend: state.legend,
        bounds: this.bounds,
        ground: this.around.filter(isGround),
        water: this.around.filter((feature) => !isGround(feature)),
        counties: this.outlines.features.map(({ geometry, properties: { adcode } }) => {
          const fill = state.fills[adcode];
          const { colour, hatch } = fill ? state.styles[fill[0]] : { colour: options.unfilled, hatch: null };
          return { geometry, colour, hatch, outline: hatch || options.outline.color };
        }),
        cityBorders: this.borders,
        looks: options.looks,
        cityBorder: options.cityBorder,
        highlight: this.highlighted(),
        reached: mapAreas.features(state.areas),
        dots: this.dots.shown,
        spokes: mapSpokes.features(state.spokes),
        markers: state.markers,
        names: this.names.names,
        areas: this.names.areas,
        zh: options.zh,
        family: getComputedStyle(document.body).fontFamily,
        colours: options.colours,
        texts: options.texts,
      });
    }

    highlighted() {
      const found = this.outlines.features.find(({ properties }) => properties.adcode === this.state.highlight);
      return found && { geometry: found.geometry, colour: this.options.chosenOutline.color };
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
  }

  window.countyMap = {
    begin(map, options) { map.counties = new CountyMap(map, options); },
    show(map, state) { map.counties.show(state); },
  };
})();
