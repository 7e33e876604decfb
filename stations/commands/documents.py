"""Documents written to a file: the coverage map and the monthly bulletin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from stations.answers.files import WRITTEN, WrittenFile
from stations.commands.call import Call, Output
from stations.commands.declaring import AS_OF, OUT, argument, command, option
from stations.commands.written_file import write_file
from stations.language import N_


@command(AS_OF, OUT)
def coverage_map_command(call: Call, as_of: date | None, out: str) -> Output:
    """Write the coverage map of a day as a PNG file."""
    from stations.coverage.county_coverage import coverage_on
    from stations.coverage.picture import coverage_png

    with call.reading() as session:
        coverage = coverage_on(session, as_of or call.today, samples=call.samples)
    content = coverage_png(coverage, call.language, review_number=call.map_review_number)
    return _written(out, content, coverage.sample_stations)


@command(
    argument("month", help=N_("The month, such as 2026-10.")),
    OUT,
    option("--issuer", default="", metavar="NAME", help=N_("The office that issues it.")),
)
def bulletin_command(call: Call, month: str, out: str, issuer: str) -> Output:
    """Write the monthly bulletin as a Word document."""
    from stations.bulletin.document import bulletin_docx
    from stations.bulletin.figures import gather_bulletin
    from stations.bulletin.letter import letter_of
    from stations.readers.dates import read_month

    with call.reading() as session:
        first = read_month("month", month)
        gathered = gather_bulletin(session, first, samples=call.samples, today=call.today)
        kept = letter_of(session, first, samples=call.samples)
        letter = replace(kept, issuer=issuer or kept.issuer)
        content = bulletin_docx(gathered, now=call.now, letter=letter, review_number=call.map_review_number)
    return _written(out, content, gathered.coverage.sample_stations)


def _written(path: str, content: bytes, samples: int) -> Output:
    write_file("out", path, content)
    return Output(WRITTEN, WrittenFile(path, len(content), samples))
