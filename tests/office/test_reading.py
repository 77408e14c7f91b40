"""Who may read a case: a table of persons and rules, and how the rules are written in sopctl.yaml."""

from datetime import date

import pytest
from msgspec.structs import replace

from sopctl.office.check import check_office
from sopctl.office.decode import read_office
from sopctl.office.model import Office, Official, ReadRules
from sopctl.office.reading import CaseFacts, CaseReader, is_confidential

DAY = date(2026, 11, 24)
GONE = date(2025, 12, 31)
OFFICE = Office(
    officials=(
        Official(nama="Ani", pelaksana=("kabid",), accounts=("ani",), unit="Bidang 3"),
        Official(nama="Budi", pelaksana=("staf",), accounts=("budi",), unit="Bidang 3"),
        Official(nama="Citra", pelaksana=("kabid",), accounts=("citra",), unit="Bidang 2"),
        Official(nama="Dewi, S.E.", nip="19800101 200501 2 001", pelaksana=("arsip",), accounts=("dewi",)),
        Official(nama="Eko", pelaksana=("kabid",), accounts=("eko",), unit="Bidang 3", until=GONE),
        Official(nama="Fitri", pelaksana=("kabid",), accounts=("fitri",), unit="Bidang 3", until=GONE),
        Official(nama="Fitri", pelaksana=("arsip",), accounts=("fitri",), unit="Bidang 4"),
    )
)
EVERYBODY = {"ani", "budi", "citra", "dewi", "eko", "fitri", "orang-luar"}
CASE = CaseFacts("cuti", (), confidential=False, pelaksana=("kabid", "kadis"), turn=(), assigned=(), people=("akun-x",))


def readers(office: Office, case: CaseFacts) -> str:
    """Who may read the case, by the first letters of their accounts; nobody else of `EVERYBODY`."""
    return "".join(sorted(who[0] for who in EVERYBODY if CaseReader(office, who, DAY).may_read(case)))


@pytest.mark.parametrize(
    ("rules", "case", "who"),
    [
        pytest.param({}, {}, "abcdf", id="by-default-who-is-in-office"),
        pytest.param({"read": ReadRules("actors")}, {}, "ac", id="holders-of-a-pelaksana-today"),
        pytest.param({"read": ReadRules("actors")}, {"people": ("budi",)}, "abc", id="who-acted-too"),
        pytest.param({"read": ReadRules("actors")}, {"people": ("BUDI",)}, "abc", id="letter-case-aside"),
        pytest.param({"read": ReadRules("actors")}, {"people": ("Budi",)}, "abc", id="who-acted-on-paper-too"),
        pytest.param({"read": ReadRules("actors")}, {"people": ("eko",)}, "ac", id="not-who-has-left"),
        pytest.param({"read": ReadRules("actors")}, {"assigned": (("kadis", "Dewi, S.E."),)}, "acd", id="assigned"),
        pytest.param({"read": ReadRules("actors", {"cuti": "all"})}, {}, "abcdf", id="its-own-rule"),
        pytest.param({"read": ReadRules("all", {"sk-tim": "actors"})}, {}, "abcdf", id="the-rule-of-another-sop"),
        pytest.param({"read": ReadRules("unit")}, {}, "", id="no-unit-has-to-do-with-it"),
        pytest.param({"read": ReadRules("unit")}, {"people": ("budi",)}, "ab", id="the-unit-of-who-acted"),
        pytest.param({"read": ReadRules("unit")}, {"assigned": (("kadis", "Budi"),)}, "ab", id="of-who-is-assigned"),
        pytest.param({"read": ReadRules("unit")}, {"people": ("dewi",)}, "d", id="who-has-no-unit-is-alone"),
        pytest.param({"read": ReadRules("unit")}, {"people": ("eko",)}, "ab", id="the-last-unit-of-who-has-left"),
        pytest.param({"read": ReadRules("unit")}, {"people": ("fitri",)}, "f", id="who-moved-takes-the-unit-along"),
        pytest.param({"read": ReadRules("unit")}, {"turn": ("kabid",)}, "ac", id="whose-turn-it-is"),
        pytest.param({}, {"confidential": True}, "", id="confidential"),
        pytest.param({}, {"confidential": True, "people": ("budi",)}, "b", id="confidential-who-acted"),
        pytest.param({}, {"confidential": True, "turn": ("kabid",)}, "ac", id="confidential-whose-turn"),
        pytest.param(
            {},
            {"confidential": True, "turn": ("kabid",), "assigned": (("kabid", "Citra"),)},
            "c",
            id="confidential-whose-turn-is-assigned",
        ),
        pytest.param(
            {},
            {"confidential": True, "turn": ("kabid",), "assigned": (("kabid", "Eko"),)},
            "ac",
            id="confidential-assigned-to-who-has-left",
        ),
        pytest.param({"confidential": ("cuti",)}, {}, "", id="confidential-by-its-sop"),
        pytest.param({"confidential": ("cuti",), "read": ReadRules("unit")}, {"people": ("ani",)}, "a", id="not-unit"),
        pytest.param({"confidential": ("sk-tim",)}, {}, "abcdf", id="another-sop-is-confidential"),
        pytest.param({"confidential": ("sk-tim",)}, {"callers": ("x", "sk-tim")}, "", id="by-what-called-it"),
        pytest.param({"readers": ("Budi",)}, {"confidential": True}, "b", id="named-reader"),
        pytest.param({"readers": ("198001012005012001",)}, {"confidential": True}, "d", id="named-reader-by-nip"),
        pytest.param({"readers": ("dewi",)}, {"confidential": True}, "d", id="named-reader-without-gelar"),
        pytest.param({"readers": ("Budi",), "read": ReadRules("actors")}, {}, "abc", id="a-named-reader-reads-all"),
        pytest.param({"readers": ("Eko",)}, {"confidential": True}, "", id="a-named-reader-who-has-left"),
    ],
)
def test_who_reads(rules: dict[str, object], case: dict[str, object], who: str) -> None:
    assert readers(replace(OFFICE, **rules), replace(CASE, **case)) == who


def test_a_case_is_confidential_by_itself_its_sop_or_what_called_it() -> None:
    listed = replace(OFFICE, confidential=("cuti",))
    assert not is_confidential(OFFICE, CASE)
    assert is_confidential(OFFICE, replace(CASE, confidential=True))
    assert is_confidential(listed, CASE)
    assert is_confidential(listed, replace(CASE, sop="lain", callers=("cuti",)))


def test_a_namesake_reads_neither_what_the_other_did_nor_as_the_named_reader() -> None:
    twins = tuple(
        Official(nama="Siti", nip=f"19800101 200501 2 00{n}", accounts=(f"siti-{n}",), pelaksana=("staf",))
        for n in (1, 2)
    )
    office = Office(officials=twins, readers=("Siti",))
    case = replace(CASE, confidential=True, people=("Siti", "siti-1"))
    assert [CaseReader(office, one.accounts[0], DAY).may_read(case) for one in twins] == [True, False]
    assert "unknown_reader" in [one.code for one in check_office(office, 2026)]
    office = replace(office, readers=(twins[1].nip,))
    assert [CaseReader(office, one.accounts[0], DAY).may_read(case) for one in twins] == [True, True]
    assert "unknown_reader" not in [one.code for one in check_office(office, 2026)]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param(b"read: actors", ReadRules("actors"), id="one-for-all"),
        pytest.param(b"read: {sk-tim: unit}", ReadRules("all", {"sk-tim": "unit"}), id="the-others-are-open"),
        pytest.param(b"read: {default: actors, sk-tim: all}", ReadRules("actors", {"sk-tim": "all"}), id="default"),
        pytest.param(b"read: {lainnya: actors}", ReadRules("actors"), id="in-the-office's-language"),
        pytest.param(b"read:", ReadRules(), id="left-empty"),
    ],
)
def test_the_rules_are_written_as_one_word_or_for_each_sop(text: bytes, rules: ReadRules) -> None:
    office, problems = read_office(text, "sopctl.yaml")
    assert office is not None, problems
    assert office.read == rules


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(b"read: semua", "sopctl.yaml:1:7", id="no-rule"),
        pytest.param(b"read: {cuti: actor}", "sopctl.yaml:1:14", id="no-rule-of-an-sop"),
        pytest.param(b"read: {cuti: }", "sopctl.yaml:1:14", id="none"),
        pytest.param(b"read: [all]", "sopctl.yaml:1:7", id="a-list"),
    ],
)
def test_a_rule_that_is_none_is_told_with_its_place(text: bytes, place: str) -> None:
    office, problems = read_office(text, "sopctl.yaml")
    assert office is None
    assert str(problems[0]).startswith(place)


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        pytest.param({"read": ReadRules("all", {"cuty": "actors"})}, "unknown_sop", id="rule-of-no-sop"),
        pytest.param({"confidential": ("cuty",)}, "unknown_sop", id="confidential-of-no-sop"),
        pytest.param({"readers": ("Budhi",)}, "unknown_reader", id="reader-who-is-no-official"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_what_was_meant(rules: dict[str, object], code: str) -> None:
    (found,) = [one for one in check_office(replace(OFFICE, **rules), 2026, (), ("cuti",)) if one.code == code]
    assert found.weight == "important"
    assert "mungkin maksudnya" in found.message


def test_a_rule_of_units_needs_units() -> None:
    office = Office(officials=(Official(nama="Ani"),), read=ReadRules("all", {"cuti": "unit"}))
    assert "no_unit" in [one.code for one in check_office(office, 2026)]
    assert "no_unit" not in [one.code for one in check_office(replace(OFFICE, read=office.read), 2026)]
