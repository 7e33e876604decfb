"""Reads the collections as QGIS does, in the Python that QGIS brings along: prints JSON.

``python3 qgis_reads.py ADDRESS``; run by ``test_ogc_clients``.
"""

from __future__ import annotations

import json
import sys

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsFeatureRequest,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)


def main(address: str) -> None:
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()

    def layer(name: str, more: str = "") -> QgsVectorLayer:
        return QgsVectorLayer(f"url='{address}' typename='{name}' {more}", name, "OAPIF")

    told = {}
    for name in ("counties", "stations", "centres", "towns"):
        one = layer(name)
        kind = QgsWkbTypes.displayString(one.wkbType())
        told[name] = [one.isValid(), kind, one.crs().authid(), len(list(one.getFeatures()))]
    told["paged"] = len(list(layer("towns", "pageSize='200'").getFeatures()))
    chosen = layer("stations")
    chosen.setSubsetString("\"status\" = 'active' AND \"sample\" = false")
    told["chosen"] = len(list(chosen.getFeatures()))
    box = QgsFeatureRequest().setFilterRect(QgsRectangle(120, 31, 121, 32))
    told["box"] = len(list(layer("towns", "restrictToRequestBBOX='1'").getFeatures(box)))
    print(json.dumps(told))


main(sys.argv[1])
