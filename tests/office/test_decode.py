"""sopctl.yaml: what an office may leave out, and what it is told about each mistake."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.office.decode import OFFICE_DECODER, office_schema, read_office
from sopctl.office.model import HolidayRules, LetterNumber, Office
from sopctl.problems import Source
from sopctl.worktime.hours import NORMAL_HOURS, RAMADAN_HOURS, RamadanPeriod, TimeRange, WorkingHours

WHOLE = b"""\
instansi: {pemerintah: Pemerintah Provinsi, nama: "Dinas Koperasi, Usaha Kecil dan Menengah", singkatan: DISKOPUKM}
timezone: Asia/Makassar
working_hours:
  senin-kamis: ["07:30-12:00", "13.00-16.00"]
  Jum'at: 07:30-11:30
ramadan:
  - {from: 2026-02-18, to: 2026-03-20}
holidays:
  add: {2026-07-01: Hari jadi}
  remove: {2026-06-01: Surat edaran}
letter_number: {pattern: "{nomor}/{bulan_romawi}/{tahun}", sequence: per-kode, reset: never, padding: 3}
officials:
  - {jabatan: Kepala Dinas, pelaksana: kadis, accounts: [akun-kadis], from: 2026-01-01, until: 2026-12-31, as: Plt.}
paper: F4
"""


def office_of(text: bytes) -> Office:
    office, problems = read_office(text, "sopctl.yaml")
    assert problems == ()
    assert office is not None
    return office


def test_a_whole_office_is_read() -> None:
    office = office_of(WHOLE)
    assert office.instansi.nama == "Dinas Koperasi, Usaha Kecil dan Menengah"
    assert office.timezone == "Asia/Makassar"
    day = (TimeRange.at("07:30", "12:00"), TimeRange.at("13:00", "16:00"))
    assert office.hours == WorkingHours((day, day, day, day, (TimeRange.at("07:30", "11:30"),), (), ()))
    assert office.ramadan == (RamadanPeriod(date(2026, 2, 18), date(2026, 3, 20), RAMADAN_HOURS),)
    assert office.holidays == HolidayRules(
        add={date(2026, 7, 1): "Hari jadi"}, remove={date(2026, 6, 1): "Surat edaran"}
    )
    assert office.letter_number == LetterNumber(
        pattern="{nomor}/{bulan_romawi}/{tahun}", sequence="per-kode", reset="never", padding=3
    )
    (official,) = office.officials
    assert (official.pelaksana, official.accounts, official.as_) == (("kadis",), ("akun-kadis",), "Plt.")
    assert (official.since, official.until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert official.source == Source("sopctl.yaml", 13, 5)
    assert office.paper == "F4"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"{}", id="no-keys"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"# nanti\n", id="a-comment"),
        pytest.param(b"officials:\ninstansi:\n", id="empty-keys"),
    ],
)
def test_an_office_may_leave_out_everything(text: bytes) -> None:
    office = office_of(text)
    assert (office.timezone, office.hours, office.officials, office.paper) == ("Asia/Pontianak", NORMAL_HOURS, (), "A4")
    assert office.letter_number.pattern == "{kode}/{nomor}/{singkatan}"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        pytest.param(b"instansi: {singkat: X}", "1:12", 'mungkin maksudnya "singkatan"', id="unknown-key"),
        pytest.param(b"timezone: WIB", "1:11", "Asia/Pontianak (WIB)", id="unknown-zone"),
        pytest.param(b"timezone: Asia", "1:11", "Asia/Pontianak (WIB)", id="a-folder-of-zones"),
        pytest.param(b"timezone: ../etc", "1:11", "Asia/Pontianak (WIB)", id="a-path-is-no-zone"),
        pytest.param(b"paper: a4", "1:8", '"A4"', id="paper"),
        pytest.param(b"working_hours: 07:30-16:00", "1:16", "senin-kamis", id="hours-without-days"),
        pytest.param(b"working_hours: {senen: 07:30-16:00}", "1:17", "senin-kamis", id="unknown-day"),
        pytest.param(b"working_hours: {kamis-senin: 07:30-16:00}", "1:17", "mulai dari senin", id="backward-days"),
        pytest.param(b"working_hours: {senin: 16:00-07:30}", "1:24", "jam mulai dahulu", id="backward-times"),
        pytest.param(b"working_hours: {senin: 07:30-07:30}", "1:24", "jam mulai dahulu", id="no-time-between"),
        pytest.param(b"working_hours: {senin: 07:30-24:01}", "1:24", "sampai 24:00", id="no-such-time"),
        pytest.param(b"working_hours: {senin: 07:75-09:00}", "1:24", "sampai 24:00", id="no-such-minute"),
        pytest.param(b"working_hours: {senin: pagi}", "1:24", "07:30-12:00", id="no-time"),
        pytest.param(b"working_hours: {senin: [13:00-16:00, 07:30-13:30]}", "1:25", "bertumpuk", id="overlap"),
        pytest.param(
            b"working_hours: {senin-rabu: 07:30-16:00, selasa: 07:30-16:00}", "1:42", "selasa sudah ditulis", id="twice"
        ),
        pytest.param(b"working_hours: {senin: []}", "1:16", "Tidak ada jam kerja", id="no-hours-at-all"),
        pytest.param(b"ramadan: {from: 2026-02-18}", "1:10", '"to" belum ada', id="ramadan-without-end"),
        pytest.param(
            b"ramadan: [{from: 2026-03-18, to: 2026-02-20}]", "1:34", "lebih awal dari `from`", id="backward-ramadan"
        ),
        pytest.param(
            b"officials: [{from: 2026-03-18, until: 2026-02-20}]", "1:39", "lebih awal dari `from`", id="backward-term"
        ),
        pytest.param(b"officials: [{from: 18-3-2026}]", "1:20", "2026-03-18", id="date-order"),
        pytest.param(b"officials: [{as: Plt}]", "1:18", 'mungkin maksudnya "Plt."', id="as"),
        pytest.param(b"holidays: {country: Indonesia}", "1:21", "ID", id="country"),
        pytest.param(b"holidays: {add: {besok: libur}}", "1:18", "2026-11-24", id="holiday-date"),
        pytest.param(b"letter_number: {pattern: '{nomer}'}", "1:26", 'mungkin maksudnya "nomor"', id="placeholder"),
        pytest.param(b"letter_number: {pattern: '{kode}'}", "1:26", "harus memuat {nomor}", id="no-number"),
        pytest.param(b"letter_number: {pattern: '{{nomor}}'}", "1:26", "harus memuat {nomor}", id="number-as-text"),
        pytest.param(b"letter_number: {pattern: '{nomor'}", "1:26", "tidak berpasangan", id="open-brace"),
        pytest.param(b"letter_number: {pattern: '{nomor:9999999999}'}", "1:26", "tidak dikenal", id="format"),
        pytest.param(b"letter_number: {pattern: '{nomor.__class__}'}", "1:26", "tidak dikenal", id="attribute"),
        pytest.param(b"letter_number: {pattern: '{nomor}{}'}", "1:26", "tidak dikenal", id="nameless"),
        *(
            pytest.param(f"officials: [{{pos_el: {typed}}}]".encode(), "1:22", "alamat pos-el, misalnya", id=f"{typed}")
            for typed in (
                "kadis",
                "'@kantor.go.id'",
                "a@b@c",
                '"a b@kantor.go.id"',
                "kadis@-kantor.id",
                "'a,b@kantor.go.id'",
                '"a@kantor.go.id\\r\\nBcc: b@kantor.go.id"',
                '"Kadis <kadis@kantor.go.id>"',
                "kadîs@kantor.go.id",
                ".a@kantor.go.id",
            )
        ),
        pytest.param(
            b"officials: [{pos_el: " + b"a" * 65 + b"@kantor.go.id}]", "1:22", "paling banyak 254", id="long-address"
        ),
        pytest.param(b"record: {store: postgres, password: x}", "1:27", "tidak dikenal", id="database-password"),
        pytest.param(b"record: {store: mysql}", "1:17", "postgres", id="other-store"),
        pytest.param(b"record: {service: host=a password=rahasia}", "1:19", "nama saja", id="address"),
        pytest.param(b"mail: {host: a.id}", "1:7", '"from" belum ada', id="no-sender"),
        pytest.param(b"mail: {host: 'a b', from: a@b.id}", "1:14", "nama server", id="no-host"),
        pytest.param(b"mail: {host: a.id, from: a@b.id, port: 70000}", "1:40", "1 sampai 65535", id="port"),
        pytest.param(b"mail: {host: a.id, from: a@b.id, tls: tls}", "1:39", "starttls", id="encryption"),
        pytest.param(b"mail: {host: a.id, from: a@b.id, password: x}", "1:34", "tidak dikenal", id="password-in-file"),
        pytest.param(
            b"mail: {host: a.id, from: a@b.id, user: u, tls: none}", "1:48", "dapat dibaca di jalan", id="open-password"
        ),
        pytest.param(b"letter_number: {padding: 10}", "1:26", "0 sampai 9", id="padding"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_write(text: bytes, place: str, said: str) -> None:
    office, problems = read_office(text, "sopctl.yaml")
    assert office is None
    (problem,) = problems
    assert str(problem.source) == f"sopctl.yaml:{place}"
    assert said in problem.message


def test_what_was_typed_for_the_name_of_a_database_is_not_told_again() -> None:
    _, (problem,) = read_office(b"record: {service: host=a password=rahasia}", "sopctl.yaml")
    assert "rahasia" not in str(problem)


def test_a_record_lies_in_files_unless_the_office_names_a_database() -> None:
    assert office_of(b"record: {share: group}").record.store == "files"
    record = office_of(b"record: {store: postgres, service: sopctl, office: diskopukm}").record
    assert (record.store, record.service, record.office) == ("postgres", "sopctl", "diskopukm")


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("ssl", 465), ("none", 25)])
def test_a_mail_server_has_the_port_of_its_encryption(tls: str, port: int) -> None:
    office = office_of(f"mail: {{host: localhost, from: sop@kantor.go.id, user: u, tls: {tls}}}".encode())
    assert office.mail is not None
    assert (office.mail.used_port, office.mail.from_, office.mail.is_local) == (port, "sop@kantor.go.id", True)


def test_stretches_may_touch_and_come_in_any_order() -> None:
    office = office_of(b"working_hours: {senin: [12:00-24:00, 07:30-12:00]}")
    assert office.hours.days[0] == (TimeRange(450, 720), TimeRange(720, 1440))


def test_all_mistakes_are_told_at_once_in_their_order() -> None:
    text = b"paper: A3\npaper: A5\ntimezone: WIB\nofficials:\n  - {nama: Satu, from: x}\n  - {pangkt: y}\n"
    _, problems = read_office(text, "sopctl.yaml")
    assert [(problem.source.line, problem.code) for problem in problems] == [
        (1, "value"),
        (2, "duplicate_key"),
        (3, "value"),
        (5, "value"),
        (6, "unknown_key"),
    ]


@given(data=st.binary(max_size=200))
def test_no_bytes_are_too_strange_to_be_answered(data: bytes) -> None:
    office, problems = read_office(data, "sopctl.yaml")
    assert (office is None) == bool(problems)


words = st.sampled_from(("senin", "07:30-12:00", "2026-01-01", "{nomor}", "A4", "kadis", "", "-", "0"))
values = st.recursive(words, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3))


@given(office=st.dictionaries(st.sampled_from([key.name for key in OFFICE_DECODER.keys]), values))
def test_no_value_is_too_strange_to_be_answered(office: dict[str, object]) -> None:
    import yaml  # noqa: PLC0415 — only this test writes YAML

    found, problems = read_office(yaml.safe_dump(office).encode(), "sopctl.yaml")
    assert (found is None) == bool(problems)


def test_the_schema_describes_every_key_that_is_read() -> None:
    found = office_schema()
    assert found["type"] == "object"
    assert isinstance(found["properties"], dict)
    assert list(found["properties"]) == [key.name for key in OFFICE_DECODER.keys]
    assert all("description" in one for one in found["properties"].values())
