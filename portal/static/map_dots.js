/* Dots over the counties of a map, thousands of them, drawn on one canvas that never answers to the mouse. They are
   fetched once from their address. Uses Leaflet. */
"use strict";
(function () {
  const OPACITY = 0.6;

  class MapDots {
    constructor(map) {
      this.map = map;
      this.layer = null;
      this.drawn = "";
      this.shown = null; // as a picture of the map takes them: {colour, opacity, places}
      this.loading = Promise.resolve(); // until the dots asked for are there
    }

    /* dots: {url, colour} or null; the address gives [[lon, lat, radius in pixels]] */
    place(dots) {
      const wanted = JSON.stringify(dots);
      if (wanted === this.drawn) return;
      this.drawn = wanted;
      if (this.layer) this.map.removeLayer(this.layer);
      this.layer = this.shown = null;
      if (dots) this.loading = this.fetch(dots, wanted);
    }

    async fetch(dots, wanted) {
      try {
        const answer = await fetch(dots.url);
        if (!answer.ok) throw new Error("HTTP " + answer.status);
        const places = await answer.json();
        if (wanted !== this.drawn) return; // the page has asked for others meanwhile
        const renderer = L.canvas({ pane: "dots", padding: 0.2 });
        this.layer = L.layerGroup(places.map(([lon, lat, radius]) => L.circleMarker([lat, lon], {
          renderer, pane: "dots", radius, stroke: false, fillColor: dots.colour, fillOpacity: OPACITY, interactive: false,
        }))).addTo(this.map);
        this.shown = { colour: dots.colour, opacity: OPACITY, places };
        this.map.getContainer().dataset.dots = places.length;
      } catch (error) {
        console.error("dots", error);
      }
    }
  }

  window.mapDots = { MapDots };
})();
