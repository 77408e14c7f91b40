"""`simulate`: what a head of office types before signing an SOP, and what comes of bad input."""

import re
from datetime import timedelta

import pytest

from tests.cli.conftest import Office

QUICK = ("--arrivals", "5/hari", "--cases", "200", "--runs", "3")


def test_the_figures_of_sk_tim_as_json(office: Office) -> None:
    found = office.json("simulate", "sk-tim", *QUICK)
    assert found["cases"] == 200
    assert 0 <= found["within_standard"] <= 1
    assert 70 <= found["median_minutes"] <= found["p90_minutes"]
    assert found["bottleneck"].keys() == {"pelaksana", "utilization"}
    assert [row["step"] for row in found["rows"]] == [
        "perintah", "teruskan", "susun", "periksa", "tandatangan", "serahkan", "laksanakan",
    ]  # fmt: skip
    assert {"step", "waiting_minutes", "working_minutes"} <= found["rows"][0].keys()
    assert found["rows"][3]["working_minutes"] == 15
    assert found["standard_minutes"] == 70
    assert found["uncertainty"]["median_minutes"][0] <= found["median_minutes"]
    assert found["baseline"] is None
    assert any("Satu orang" in words for words in found["assumptions"])
    assert found == office.json("simulate", "sk-tim", *QUICK)


def test_a_change_is_shown_beside_today(office: Office) -> None:
    change = ("--people", "kabid=2", "--what-if", "waktu periksa=1 hari")
    found = office.json("simulate", "sk-tim", *QUICK, *change)
    assert found["changes"] == ["kabid=2", "waktu periksa=1 hari"]
    assert found["baseline"]["standard_minutes"] == 70
    assert found["standard_minutes"] == 70 - 15 + 450
    assert found["bottleneck"]["pelaksana"] == "kabid"
    assert found["staff"][1]["people"] == 2
    assert found["overloaded"] == ["kabid"]
    text = office.ok("simulate", "sk-tim", *QUICK, *change)
    assert "Kelebihan beban" in text
    assert "Semula" in text
    assert "Setiap langkah, sesudah diubah" in text
    for total in ("Median", "P90", "Standar seluruhnya"):
        (shown,) = (one for one in text.splitlines() if one.strip().startswith(total))
        assert len(set(re.findall(r"mnt|jam|hari", shown))) == 1, shown


def test_the_screen_fits_eighty_columns_and_says_what_is_assumed(office: Office) -> None:
    text = office.ok("simulate", "sk-tim", *QUICK)
    assert max(map(len, text.splitlines())) <= 80
    assert "Penghambat: " in text
    assert "Anggapan dalam hitungan ini:" in text
    assert "Rentang 95%" in text


def test_the_page_has_pictures_and_loads_nothing(office: Office) -> None:
    office.ok("simulate", "sk-tim", *QUICK, "--people", "kabid=2", "--html", "coba.html")
    page = (office.root / "coba.html").read_text(encoding="utf-8")
    assert "Seberapa sibuk setiap pelaksana" in page
    assert "Perubahan: kabid=2." in page
    assert page.count("<svg") >= 4 + 7
    assert not re.search(r'(src|href)="(?!#)', page)


@pytest.mark.parametrize(
    ("code", "words", "message"),
    [
        pytest.param(2, ("--arrivals", "banyak"), "5/hari", id="no-rate"),
        pytest.param(2, ("--arrivals", "0/hari"), "5/hari", id="nobody-comes"),
        pytest.param(2, ("--arrivals", "99999/jam"), "lebih banyak", id="too-many"),
        pytest.param(
            2,
            ("--cases", "90000", "--runs", "20", "--arrivals", "5/hari"),
            "20 percobaan, masing-masing sekitar 90.000 berkas",
            id="too-many-in-all",
        ),
        pytest.param(4, (*QUICK, "--people", "kabit=2"), "kabid", id="pelaksana"),
        pytest.param(2, (*QUICK, "--people", "kabid=0"), "kabid=2", id="no-people"),
        pytest.param(2, (*QUICK, "--people", "kabid=1,5"), "kabid=2", id="half-a-person"),
        pytest.param(4, (*QUICK, "--what-if", "waktu perksa=1 hari"), "periksa", id="step"),
        pytest.param(2, (*QUICK, "--what-if", "wktu periksa=1 hari"), "waktu", id="kind"),
        pytest.param(2, (*QUICK, "--what-if", "waktu periksa=segera"), "1 hari", id="time"),
        pytest.param(2, (*QUICK, "--what-if", "tolak susun=5%"), "susun", id="no-diamond"),
        pytest.param(2, (*QUICK, "--what-if", "tolak periksa=100%"), "berputar", id="endless"),
        pytest.param(2, (*QUICK, "--what-if", "tolak periksa=101%"), "100%", id="share"),
        pytest.param(2, (*QUICK, "--what-if", "tolak periksa=100%"), "--what-if", id="endless-what-to-type"),
        pytest.param(2, (*QUICK, *("--what-if", "waktu susun=1 hari") * 2), "pilih salah satu", id="twice"),
        pytest.param(
            2, (*QUICK, "--what-if", "tanpa susun", "--what-if", "waktu susun=1 hari"), "pilih", id="without-and-longer"
        ),
        pytest.param(2, (*QUICK, "--people", "kabid=2", "--people", "kabid=3"), "dua kali", id="people-twice"),
        pytest.param(2, (*QUICK, "--days", "3"), "tidak keduanya", id="cases-and-days"),
        pytest.param(2, (*QUICK, "--runs", "0"), "percobaan", id="runs"),
        pytest.param(2, (*QUICK, "--html", "sops/x.html"), "x.html", id="place"),
        pytest.param(4, ("--from-record",), "--arrivals", id="empty-record"),
        pytest.param(4, (), "--arrivals", id="nothing-given"),
        pytest.param(4, ("--arrivals", "Record"), "--arrivals", id="capital-letter"),
    ],
)
def test_bad_input_is_refused_with_what_to_type(
    office: Office, code: int, words: tuple[str, ...], message: str
) -> None:
    assert message in office.refused(code, "simulate", "sk-tim", *words)["message"]


def test_nobody_is_told_to_leave_out_what_nobody_typed(office: Office) -> None:
    assert "--from-record" not in office.refused(4, "simulate", "sk-tim")["message"]
    assert "--from-record" in office.refused(4, "simulate", "sk-tim", "--from-record")["message"]


def test_a_record_that_proposes_nothing_changes_nothing(office: Office) -> None:
    office.ok("start", "sk-tim")
    text = office.ok("simulate", "sk-tim", "--proposed", *QUICK)
    assert "Perubahan" not in text
    assert "Catatan hanya memuat 1 berkas" in " ".join(text.split())


def test_an_sop_with_faults_is_refused_with_every_place(office: Office) -> None:
    path = office.root / "sops/sk-tim.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("tandatangan, belum", "tidak-ada, belum"), encoding="utf-8")
    assert office.refused(5, "simulate", "sk-tim", *QUICK)["problems"]
    assert office.refused(4, "simulate", "sk-tin", *QUICK)["code"] == "sop"


def test_a_proposal_is_tried_with_the_figures_of_the_report(office: Office) -> None:
    sop = office.root / "sops/ringkas.yaml"
    sop.write_text(
        "id: ringkas\nnama: Ringkas\npelaksana: {a: Staf, b: Kepala}\nsteps:\n"
        "  - {id: susun, kegiatan: Menyusun, pelaksana: a, waktu: 20 menit}\n"
        "  - {id: setujui, kegiatan: Menyetujui, pelaksana: b, waktu: 5 menit}\n",
        encoding="utf-8",
    )
    for _ in range(22):
        id = office.json("start", "ringkas")["id"]
        for minutes in (20, 40):
            office.now += timedelta(minutes=minutes)
            office.ok("approve", id)
    reported = office.json("report", "--propose", "--sop", "ringkas")
    found = office.json("simulate", "ringkas", "--proposed", "--cases", "100", "--runs", "2")
    assert found["proposals"] == reported
    assert found["recorded"] == 22
    proposal = next(one for one in reported if one["step"] == "setujui")
    assert proposal["verdict"] == "longer"
    assert found["baseline"]["standard_minutes"] == 25
    assert found["standard_minutes"] > 25
    assert found["within_standard"] > found["baseline"]["within_standard"]
    assert found["median_minutes"] == found["baseline"]["median_minutes"], "people do not work otherwise for it"
    text = office.ok("simulate", "ringkas", "--proposed", "--cases", "100", "--runs", "2")
    assert proposal["proposal"] in text
    office.ok("simulate", "ringkas", "--proposed", "--cases", "100", "--runs", "2", "--html", "usul.html")
    assert f'data-label="Usul">{proposal["proposal"]}<' in (office.root / "usul.html").read_text(encoding="utf-8")


PUTAR = """\
id: putar
nama: Putar
pelaksana: {a: Staf, b: Kepala}
steps:
  - {id: susun, kegiatan: Menyusun, pelaksana: a, waktu: 5 menit}
  - {id: setujui, kegiatan: Menyetujui, pelaksana: b, waktu: 5 menit, branches: {belum: susun, sudah: end}}
"""


def test_a_diamond_whose_first_exit_turns_down_is_passed(office: Office) -> None:
    (office.root / "sops/putar.yaml").write_text(PUTAR, encoding="utf-8")
    assert office.json("simulate", "putar", *QUICK)["rows"][0]["visits"] == 1


def test_what_would_take_for_ever_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    (office.root / "sops/putar.yaml").write_text(PUTAR, encoding="utf-8")
    monkeypatch.setattr("sopctl.simulate.outcome.MOST_ACTS", 1500)  # 240 cases of two acts, three times
    assert office.json("simulate", "putar", *QUICK)["cases"] == 200
    for words in (("--runs", "4"), ("--what-if", "tolak setujui=99,9%")):
        assert "Terlalu banyak" in office.refused(2, "simulate", "putar", *QUICK, *words)["message"]
