/* A map as one picture on a canvas: title, what was asked, the map with its names and scale, legend and sources. It is
   saved as PNG and printed in place of the map, whole, however the visitor has moved it. Uses Leaflet. */
"use strict";
(function () {
  const WIDTH = 900, EDGE = 20, SHARPER = 2; // pixels; the file is SHARPER times as wide
  const LEAST = 360, MOST = 980; // height of the map in it
  const STEPS_KM = [1, 2, 5, 10, 20, 50, 100, 200];

  class Picture {
    /* content: {head: its title and what was asked, sources, legend, bounds, ground, water, counties: [{geometry, colour, hatch, outline}],
       cityBorders, cityBorder, looks, highlight, reached, dots: {colour, opacity, places: [[lon, lat, radius in pixels]]} or null, spokes, markers, names, areas, zh, family, colours, texts} */
    constructor(content) {
      this.content = content;
      this.canvas = document.createElement("canvas");
      this.pen = this.canvas.getContext("2d");
      this.aim();
    }

    /* Fit the bounds into the picture's width, in the map's own projection. */
    aim() {
      const [[south, west], [north, east]] = this.content.bounds;
      const at = (lat, lon) => L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), 0);
      const upper = at(north, west), lower = at(south, east);
      const inside = WIDTH - 2 * EDGE;
      const wanted = (inside * (lower.y - upper.y)) / (lower.x - upper.x) + 2 * EDGE;
      this.mapHeight = Math.round(Math.min(MOST, Math.max(LEAST, wanted)));
      this.scale = Math.min(inside / (lower.x - upper.x), (this.mapHeight - 2 * EDGE) / (lower.y - upper.y));
      const middle = { x: (upper.x + lower.x) / 2, y: (upper.y + lower.y) / 2 };
      this.project = ([lon, lat]) => {
        const point = at(lat, lon);
        return { x: WIDTH / 2 + (point.x - middle.x) * this.scale, y: this.mapHeight / 2 + (point.y - middle.y) * this.scale };
      };
      this.middleLat = (south + north) / 2;
    }

    draw() {
      const { content, pen, canvas } = this;
      const head = content.head.flatMap((text, place) => this.lines(text, place ? 14 : 20, place ? 400 : 600));
      const foot = content.sources.flatMap((text) => this.lines(text, 11, 400));
      const legend = this.arrangeLegend();
      const height = (lines) => lines.reduce((sum, line) => sum + line.size * 1.5, 0);
      const top = head.length ? EDGE + height(head) + 8 : 0;
      canvas.width = WIDTH * SHARPER;
      canvas.height = (top + this.mapHeight + 12 + legend.height + height(foot) + EDGE) * SHARPER;
      pen.scale(SHARPER, SHARPER);
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, WIDTH, canvas.height);
      this.write(head, EDGE, EDGE, content.colours.ink);
      pen.save();
      pen.translate(0, top);
      this.drawMap();
      pen.restore();
      this.drawLegend(legend, top + this.mapHeight + 12);
      this.write(foot, EDGE, top + this.mapHeight + 12 + legend.height, content.colours.soft);
      return canvas;
    }

    drawMap() {
      const { content, pen } = this;
      pen.beginPath();
      pen.rect(0, 0, WIDTH, this.mapHeight);
      pen.clip();
      pen.fillStyle = content.colours.land;
      pen.fillRect(0, 0, WIDTH, this.mapHeight);
      for (const feature of content.ground) this.shape(feature.geometry, content.looks[feature.properties.kind]);
      for (const county of content.counties) {
        this.shape(county.geometry, { fill: true, fillColor: county.colour, fillOpacity: 1, color: county.outline, weight: 0.8 });
        if (county.hatch) this.shape(county.geometry, { fill: true, fillColor: this.hatching(county.hatch), fillOpacity: 1, weight: 0 });
      }
      for (const { geometry, look } of content.reached) this.shape(geometry, look);
      for (const feature of content.water) this.shape(feature.geometry, content.looks[feature.properties.kind]);
      for (const look of content.cityBorder) this.shape({ type: "MultiLineString", coordinates: content.cityBorders }, look);
      if (content.highlight) this.shape(content.highlight.geometry, { color: content.highlight.colour, weight: 3 });
      if (content.dots) this.drawDots(content.dots);
      for (const { geometry, look } of content.spokes) this.shape(geometry, look);
      const taken = content.markers.map((marker) => this.marker(marker, this.project([marker.lon, marker.lat])));
      this.drawScale(taken);
      this.drawNames(taken);
    }

    shape(geometry, look) {
      const { pen } = this;
      if (!look) return;
      const area = geometry.type.endsWith("Polygon");
      const lines = area ? mapGround.rings(geometry) : geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
      pen.beginPath();
      for (const line of lines) {
        line.forEach((place, index) => {
          const { x, y } = this.project(place);
          if (index) pen.lineTo(x, y); else pen.moveTo(x, y);
        });
      }
      if (look.fill !== false && look.fillColor && area) {
        pen.globalAlpha = look.fillOpacity ?? 1;
        pen.fillStyle = look.fillColor;
        pen.fill("evenodd");
        pen.globalAlpha = 1;
      }
      if (look.weight) {
        pen.globalAlpha = look.opacity ?? 1;
        pen.setLineDash(look.dashArray ? look.dashArray.split(" ").map(Number) : []);
        pen.lineWidth = look.weight;
        pen.lineJoin = "round";
        pen.strokeStyle = look.color;
        pen.stroke();
        pen.setLineDash([]);
        pen.globalAlpha = 1;
      }
    }

    /* As large as on the screen, whatever the scale: their areas tell amounts, not places. */
    drawDots({ colour, opacity, places }) {
      const { pen } = this;
      pen.globalAlpha = opacity;
      pen.fillStyle = colour;
      for (const [lon, lat, radius] of places) {
        const { x, y } = this.project([lon, lat]);
        pen.beginPath();
        pen.arc(x, y, radius, 0, 2 * Math.PI);
        pen.fill();
      }
      pen.globalAlpha = 1;
    }

    hatching(colour) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 8;
      const pen = tile.getContext("2d");
      pen.strokeStyle = colour;
      pen.lineWidth = 1.3;
      for (const start of [-8, 0, 8]) { pen.moveTo(start, 8); pen.lineTo(start + 8, 0); }
      pen.stroke();
      return this.pen.createPattern(tile, "repeat");
    }

    /* Draw a marker; return the rectangle that it covers. */
    marker({ shape, colour, fill, sample, number }, { x, y }) {
      const { pen } = this;
      const pin = shape === "pin", radius = number ? 10 : pin ? 8 : 7;
      const height = pin ? y - 12 : y;
      pen.beginPath();
      if (shape === "square") pen.rect(x - radius, height - radius, 2 * radius, 2 * radius);
      else if (shape === "diamond") {
        for (const [dx, dy] of [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]]) pen.lineTo(x + dx * radius, height + dy * radius);
      } else if (pin) {
        pen.arc(x, height, radius, Math.PI * 0.8, Math.PI * 2.2);
        pen.lineTo(x, y + 2);
      } else pen.arc(x, height, radius, 0, 2 * Math.PI);
      pen.closePath();
      const pale = sample || fill !== "full";
      pen.fillStyle = pale ? "#fff" : colour;
      pen.fill();
      if (fill === "half") {
        pen.save(); pen.clip(); pen.fillStyle = colour; pen.fillRect(x - 12, height, 24, 14); pen.restore();
      }
      pen.setLineDash(sample ? [3, 2] : []);
      pen.lineWidth = 1.6;
      pen.strokeStyle = pale ? colour : "#fff";
      pen.stroke();
      pen.setLineDash([]);
      if (fill === "crossed") { pen.beginPath(); pen.moveTo(x - 5, height - 5); pen.lineTo(x + 5, height + 5); pen.strokeStyle = colour; pen.stroke(); }
      if (number) this.text(String(number), x, height, { size: 12, weight: 700, colour: pale ? colour : "#fff", centred: true });
      else if (sample && fill === "full") { pen.beginPath(); pen.arc(x, height, 2.6, 0, 2 * Math.PI); pen.fillStyle = colour; pen.fill(); }
      return { left: x - radius, right: x + radius, top: height - radius, bottom: y + radius };
    }

    drawScale(taken) {
      const { pen, content } = this;
      const perKm = mapNames.kmToPixels(this.scale * 256 / 360)(1, this.middleLat);
      const km = STEPS_KM.filter((step) => step * perKm <= WIDTH / 5).pop() || STEPS_KM[0];
      const width = km * perKm, left = EDGE, bottom = this.mapHeight - 14;
      pen.beginPath();
      pen.moveTo(left, bottom - 6); pen.lineTo(left, bottom); pen.lineTo(left + width, bottom); pen.lineTo(left + width, bottom - 6);
      pen.strokeStyle = content.colours.ink;
      pen.lineWidth = 1.6;
      pen.stroke();
      this.text(content.texts.km.replace("{km}", km), left + width / 2, bottom - 10, { size: 12, colour: content.colours.ink, centred: true });
      taken.push({ left: left - 6, right: left + width + 6, top: bottom - 22, bottom: bottom + 8 });
    }

    drawNames(taken) {
      const { content, pen } = this;
      const placed = mapNames.place(content.names, {
        areas: content.areas, project: this.project, kmToPixels: mapNames.kmToPixels(this.scale * 256 / 360), frame: { width: WIDTH, height: this.mapHeight },
        taken, zh: content.zh, family: content.family,
      });
      for (const { text, kind, x, y } of placed) {
        const look = mapNames.KINDS[kind];
        pen.letterSpacing = `${look.spaced}px`;
        this.text(text, x, y, { ...look, colour: content.colours[kind], centred: true, halo: kind !== "water" });
        pen.letterSpacing = "0px";
      }
    }

    text(text, x, y, { size, weight = 400, italic = false, colour, centred = false, halo = false }) {
      const { pen } = this;
      pen.font = mapNames.font({ size, weight, italic }, this.content.family);
      pen.textAlign = centred ? "center" : "left";
      pen.textBaseline = "middle";
      if (halo) {
        pen.lineWidth = 3;
        pen.lineJoin = "round";
        pen.strokeStyle = "rgb(255 255 255 / 85%)";
        pen.strokeText(text, x, y);
      }
      pen.fillStyle = colour;
      pen.fillText(text, x, y);
    }

    /* Break a text into lines that fit the width: between words, or anywhere in Chinese. */
    lines(text, size, weight) {
      const { pen } = this;
      pen.font = mapNames.font({ size, weight }, this.content.family);
      const parts = text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g) || [];
      const lines = [];
      let line = "";
      for (const part of parts) {
        if (line && pen.measureText(line + part).width > WIDTH - 2 * EDGE) { lines.push(line); line = ""; }
        line += part;
      }
      if (line) lines.push(line);
      return lines.map((one) => ({ text: one.trimEnd(), size, weight }));
    }

    write(lines, x, y, colour) {
      for (const { text, size, weight } of lines) {
        this.text(text, x, y + size * 0.75, { size, weight, colour });
        y += size * 1.5;
      }
    }

    arrangeLegend() {
      const { pen, content } = this;
      pen.font = mapNames.font({ size: 13, weight: 400 }, content.family);
      let x = EDGE, y = 0;
      const entries = content.legend.map((entry) => {
        const width = 34 + pen.measureText(entry.label).width + 22;
        if (x > EDGE && x + width > WIDTH - EDGE) { x = EDGE; y += 24; }
        const placed = { entry, x, y };
        x += width;
        return placed;
      });
      return { entries, height: entries.length ? y + 32 : 0 };
    }

    drawLegend({ entries }, top) {
      const { pen, content } = this;
      for (const { entry, x, y } of entries) {
        const middle = top + y + 10;
        if (entry.shape) this.marker(entry, { x: x + 13, y: entry.shape === "pin" ? middle + 8 : middle });
        else if (entry.width) {
          pen.beginPath();
          pen.moveTo(x, middle); pen.lineTo(x + 26, middle);
          pen.lineWidth = entry.width;
          pen.strokeStyle = entry.colour;
          pen.stroke();
        } else {
          pen.fillStyle = entry.colour;
          pen.fillRect(x, middle - 8, 26, 16);
          if (entry.hatch) { pen.fillStyle = this.hatching(entry.hatch); pen.fillRect(x, middle - 8, 26, 16); }
          pen.lineWidth = 1;
          pen.strokeStyle = content.colours.soft;
          pen.strokeRect(x, middle - 8, 26, 16);
        }
        this.text(entry.label, x + 34, middle, { size: 13, colour: content.colours.ink });
      }
    }
  }

  function save(canvas, name) {
    canvas.toBlob((content) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(content);
      link.download = `${name}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    }, "image/png");
  }

  window.mapPicture = { draw: (content) => new Picture(content).draw(), save };
})();
