/* The names on a map: where each may stand so that none covers another or a marker. Cities when far out, counties
   where they have room. Texts are inserted as text nodes, never as HTML. Uses Leaflet. */
"use strict";
(function () {
  /* size: of the letters in pixels; room: the share of its width that must fit into the area; spaced: pixels between
     letters. The lower the rank, the sooner a name is placed. */
  const KINDS = {
    city: { rank: 0, size: 14, weight: 600, room: 0, spaced: 0 },
    water: { rank: 1, size: 12, weight: 400, room: 0, spaced: 1, italic: true },
    county: { rank: 2, size: 12, weight: 400, room: 0.8, spaced: 0 },
    province: { rank: 3, size: 13, weight: 400, room: 0.9, spaced: 3 },
  };
  const NEAR = 0.6; // the share of counties that must have room before the names of cities give way
  const GAP = 3;
  const AGAIN = 320; // pixels between two places of one name
  const SHIFTS = [0, -15, 15, -26, 26]; // up and down, where the middle is taken

  const measuring = document.createElement("canvas").getContext("2d");

  function font({ size, weight, italic }, family) {
    return `${italic ? "italic " : ""}${weight} ${size}px ${family}`;
  }

  function widthOf(text, kind, family) {
    measuring.font = font(kind, family);
    return measuring.measureText(text).width + kind.spaced * text.length;
  }

  function meets(one, other) {
    return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  }

  function holds(ring, { x, y }) {
    let inside = false;
    for (let place = 0, before = ring.length - 1; place < ring.length; before = place++) {
      const one = ring[place], other = ring[before];
      if (one.y > y !== other.y > y && x < ((other.x - one.x) * (y - one.y)) / (other.y - one.y) + one.x) inside = !inside;
    }
    return inside;
  }

  /* Return the middle of what a picture shows of an area, and the width of that; null if its middle is not inside. */
  function seenPart(geometry, project, frame) {
    let best = null;
    for (const ring of mapGround.rings(geometry)) {
      const points = ring.map((place) => { const { x, y } = project(place); return L.point(x, y); });
      const seen = L.PolyUtil.clipPolygon(points, L.bounds([0, 0], [frame.width, frame.height]));
      if (seen.length < 3) continue;
      const { min, max } = L.bounds(seen);
      const middle = L.point((min.x + max.x) / 2, (min.y + max.y) / 2);
      if (holds(seen, middle) && (!best || max.x - min.x > best.room)) best = { x: middle.x, y: middle.y, room: max.x - min.x };
    }
    return best;
  }

  /* Return the names to write: [{text, kind, x, y}], centred at x, y in pixels.
     names: features; areas: geometries by adcode; project: [lon, lat] → {x, y}; kmToPixels: kilometres at a latitude → pixels; frame: width and
     height of the picture; taken: rectangles that stay free. */
  function place(names, { areas, project, kmToPixels, frame, taken, zh, family }) {
    const wanted = [];
    let counties = 0, roomy = 0;
    for (const { properties, geometry } of names) {
      const kind = KINDS[properties.kind];
      const text = zh ? properties.name : properties.name_en;
      const width = widthOf(text, kind, family);
      let { x, y } = project(geometry.coordinates);
      let room = properties.room_km ? kmToPixels(properties.room_km, geometry.coordinates[1]) : Infinity;
      if (x < 0 || y < 0 || x > frame.width || y > frame.height) {
        const area = properties.kind === "county" && room > width && areas.get(properties.adcode);
        const seen = area && seenPart(area, project, frame);
        if (!seen) continue;
        ({ x, y, room } = seen);
      }
      const fits = room >= width * kind.room;
      if (properties.kind === "county") { counties++; roomy += fits; }
      if (fits) wanted.push({ text, kind: properties.kind, x, y, width, room, rank: kind.rank, size: kind.size });
    }
    const near = counties > 0 && roomy / counties >= NEAR;
    wanted.sort((one, other) => one.rank - other.rank || other.room - one.room);
    const written = [];
    const placed = [];
    for (const name of wanted) {
      if (near && name.kind === "city") continue;
      const boxes = SHIFTS.map((shift) => ({
        left: name.x - name.width / 2 - GAP, right: name.x + name.width / 2 + GAP,
        top: name.y + shift - name.size * 0.65, bottom: name.y + shift + name.size * 0.65, y: name.y + shift,
      })).filter((box) => box.left >= 0 && box.top >= 0 && box.right <= frame.width && box.bottom <= frame.height)
        .filter((box) => !written.some((other) => meets(box, other)));
      // A city is named even where markers stand close: they are drawn above its name.
      const box = boxes.find((one) => !taken.some((other) => meets(one, other))) || (name.kind === "city" && boxes[0]);
      if (!box) continue;
      if (placed.some((one) => one.text === name.text && Math.hypot(one.x - name.x, one.y - box.y) < AGAIN)) continue;
      written.push(box);
      placed.push({ text: name.text, kind: name.kind, x: name.x, y: box.y });
    }
    return placed;
  }

  function kmToPixels(pixelsPerDegree) {
    return (km, lat) => (km / 111.2 / Math.cos((lat * Math.PI) / 180)) * pixelsPerDegree;
  }

  class MapNames {
    constructor(map, names, areas, zh) {
      this.map = map;
      this.areas = areas;
      this.names = names;
      this.zh = zh;
      this.layer = document.createElement("div");
      this.layer.className = "map-names leaflet-zoom-hide";
      this.layer.setAttribute("aria-hidden", "true"); // the table beside the map says the same
      map.getPane("names").append(this.layer);
      map.on("moveend zoomend resize viewreset", () => this.draw());
      this.draw();
    }

    draw() {
      const { map } = this;
      const size = map.getSize();
      const taken = [];
      map.eachLayer((layer) => {
        if (!(layer instanceof L.Marker) || !layer.getElement()) return;
        const { x, y } = map.latLngToContainerPoint(layer.getLatLng());
        taken.push({ left: x - 11, right: x + 11, top: y - 11, bottom: y + 11 });
      });
      const { left, top } = map.getContainer().getBoundingClientRect();
      for (const control of map.getContainer().querySelectorAll(".leaflet-control")) {
        const box = control.getBoundingClientRect();
        taken.push({ left: box.left - left, right: box.right - left, top: box.top - top, bottom: box.bottom - top });
      }
      const project = ([lon, lat]) => map.latLngToContainerPoint([lat, lon]);
      const perDegree = map.getZoomScale(map.getZoom(), 0) * 256 / 360;
      const placed = place(this.names, {
        areas: this.areas, project, kmToPixels: kmToPixels(perDegree), frame: { width: size.x, height: size.y }, taken, zh: this.zh,
        family: getComputedStyle(map.getContainer()).fontFamily,
      });
      const origin = map.containerPointToLayerPoint([0, 0]);
      this.layer.replaceChildren(...placed.map(({ text, kind, x, y }) => {
        const node = document.createElement("span");
        node.className = `map-name map-name-${kind}`;
        node.textContent = text;
        node.style.transform = `translate(${Math.round(x + origin.x)}px, ${Math.round(y + origin.y)}px) translate(-50%, -50%)`;
        return node;
      }));
    }
  }

  window.mapNames = { KINDS, MapNames, font, kmToPixels, place };
})();
