/* What lies around and above the counties of a map: sea, borders of other provinces, lakes and rivers, and the borders
   of cities, which are read off the counties' own outlines. Nothing here answers to the mouse. Uses Leaflet. */
"use strict";
(function () {
  /* Panes by height; Leaflet's own for areas is 400, for markers 600. */
  const PANES = { ground: 350, areas: 405, water: 410, lines: 420, rings: 430, dots: 435, spokes: 440, names: 450 };

  function addPanes(map) {
    for (const [name, height] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = height;
      pane.style.pointerEvents = "none";
    }
  }

  function rings(geometry) {
    return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
  }

  /* Neighbours share their vertices, so an edge within a city is met twice by counties of that city.
     Return the other edges, joined into lines of [longitude, latitude], each once. */
  function cityBorders(counties) {
    const owner = new Map();
    const key = ([x1, y1], [x2, y2]) => (x1 < x2 || (x1 === x2 && y1 < y2) ? `${x1},${y1},${x2},${y2}` : `${x2},${y2},${x1},${y1}`);
    const cityOf = (feature) => feature.properties.adcode.slice(0, 4);
    for (const feature of counties.features) {
      const city = cityOf(feature);
      for (const ring of rings(feature.geometry)) {
        for (let place = 1; place < ring.length; place++) {
          const edge = key(ring[place - 1], ring[place]);
          if (!owner.has(edge)) owner.set(edge, city);
          else if (owner.get(edge) === city) owner.set(edge, null);
        }
      }
    }
    const lines = [];
    for (const feature of counties.features) {
      const city = cityOf(feature);
      for (const ring of rings(feature.geometry)) {
        let line = null;
        for (let place = 1; place < ring.length; place++) {
          if (owner.get(key(ring[place - 1], ring[place])) !== city) line = null;
          else if (line) line.push(ring[place]);
          else lines.push((line = [ring[place - 1], ring[place]]));
        }
      }
    }
    return lines;
  }

  /* looks: Leaflet's styles by kind of feature. Areas and lines of a pane have one path for each kind. */
  function drawFeatures(map, features, looks) {
    for (const feature of features) {
      const kind = feature.properties.kind;
      if (!looks[kind]) continue;
      const pane = kind === "sea" || kind === "border" ? "ground" : "water";
      L.geoJSON(feature, { pane, interactive: false, style: { ...looks[kind], className: `map-${kind}` } }).addTo(map);
    }
  }

  /* looks: the styles to draw the lines with, one above the other. */
  function drawLines(map, lines, looks) {
    const feature = { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
    for (const look of looks) {
      L.geoJSON(feature, { pane: "lines", interactive: false, style: { ...look, className: "map-city-border" } }).addTo(map);
    }
  }

  window.mapGround = { addPanes, cityBorders, drawFeatures, drawLines, rings };
})();
