"""Opening a case in a folder of many SOPs against a folder of few: `start` reads the SOP that it opens and no other."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.office import furnished, process, program
from bench.ratio import Result, medians, table, timed

ROUNDS = 25
MORE = 100
"""SOPs that are laid beside the five of the seeds."""

MODEL = "penugasan"
AT_MOST = 1.15


def measured(rounds: int = ROUNDS) -> list[Result]:
    """Seconds for one `start` as a process, each a case more in its own office."""
    with TemporaryDirectory() as folder:
        few, many = furnished(Path(folder) / "few"), furnished(Path(folder) / "many")
        crowd(many)
        command = [program(), "start", MODEL, "--subject", "Ukur", "--json"]
        theirs, ours = medians([timed(partial(process, command, office)) for office in (few, many)], rounds)
    return [
        Result(
            what=f"sopctl start, {MORE + 5} SOPs in the folder",
            peer="sopctl start, 5 SOPs",
            ours=ours,
            theirs=theirs,
            at_most=AT_MOST,
        )
    ]


def crowd(office: Path) -> None:
    """Lay many more SOPs into an office, each a copy of one of the seeds under another id and name."""
    sops = office / "sops"
    text = (sops / f"{MODEL}.yaml").read_text(encoding="utf-8")
    nama = next(line for line in text.splitlines() if line.startswith("nama: "))
    for number in range(MORE):
        other = text.replace(f"id: {MODEL}", f"id: {MODEL}-{number:03}", 1).replace(nama, f"{nama} {number}", 1)
        (sops / f"{MODEL}-{number:03}.yaml").write_text(other, encoding="utf-8")


if __name__ == "__main__":
    print(table(measured()))
