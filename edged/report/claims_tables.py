"""The tables of the paper's claims: by its own figures, and by this board's."""

from collections import Counter
from collections.abc import Sequence

from edged.report.claims import Claim, Finding, Results, Status
from edged.report.claims_structure import structure_claims
from edged.report.element import Element, element
from edged.report.sources import paper_results, published_results
from edged.report.table import Cell, table

_CLASSES = {
    Status.HOLDS: "holds",
    Status.IN_PART: "in-part",
    Status.FAILS: "fails",
    Status.UNCERTAIN: "open",
    Status.UNKNOWN: "open",
}


def claims_table(caption: str, claims: Sequence[Claim], results: Results) -> Element:
    """Each claim, judged by the published figures and by this board's."""
    return table(
        caption,
        ["", "claim", "by the published figures", "on this board"],
        ([claim.id, claim.text, _by_the_paper(claim), _said(claim.finding(results))] for claim in claims),
    )


def structure_table(caption: str) -> Element:
    """The claims that no measurement decides."""
    rows: list[list[Cell]] = [[name, text, _said(finding)] for name, text, finding in structure_claims()]
    return table(caption, ["", "claim", "by structure and files"], rows)


def tally(claims: Sequence[Claim], results: Results) -> str:
    """How many claims hold on this board, how many do not, and of how many that cannot be told."""
    counts = Counter(claim.finding(results).status for claim in claims)
    return (
        f"Of {len(claims)} claims, {counts[Status.HOLDS]} hold on this board, "
        f"{counts[Status.IN_PART]} hold in part, {counts[Status.FAILS]} do not; "
        f"{counts[Status.UNCERTAIN]} cannot be told within U95, and {counts[Status.UNKNOWN]} for want of "
        "measurements."
    )


def _by_the_paper(claim: Claim) -> Element:
    """By the figures that are right; where the paper's own explain what it says, by those too."""
    finding = claim.finding(published_results())
    said = _said(finding)
    with_v2 = claim.finding(paper_results())
    if finding.status is not Status.HOLDS and with_v2.status is Status.HOLDS:
        said.append(element("br"))
        said.append(element("span", f"With MobileNet v2's row: {with_v2.figures}", class_="soft"))
    return said


def _said(finding: Finding) -> Element:
    status = element("strong", finding.status.value, class_=_CLASSES[finding.status])
    return element("span", status, f": {finding.figures}" if finding.figures else "")
