"""Makes the awkward files beside it: ``python -m tests.stations.import_files.make``. What they say is invented.

Each is a list as an office might send it, with one oddity or a few; ``EXPECTED`` in
``tests/stations/test_import_files.py`` says what is to become of its rows. No library that is still kept
writes the old kind of workbook; ``old_excel.xls`` holds ``THREE``, written once with xlwt 1.3.0.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
HEAD = ("站点名称", "县(市、区)", "详细地址", "联系电话")
KUNSHAN = ("示例昆山甲质量小站", "昆山市", "示例路1号", "0512-55500001")
CHANGSHU = ("示例常熟乙质量小站", "常熟市", "示例路2号", "0512-52800002")
TAICANG = ("示例太仓丙质量小站", "太仓市", "示例路3号", "0512-53500003")
THREE = (KUNSHAN, CHANGSHU, TAICANG)
PLACES = ((120.9807, 31.3856), (120.7524, 31.6538), (121.1306, 31.4578))
BORDER = (120.815, 31.52)  # WGS-84, in Kunshan; its numbers in BD-09, taken for any other, lie elsewhere
