"""Reading from any store: ids and their parts, cases, files, pinned texts; what is not there, and what was altered."""

from hashlib import sha256

import pytest

from sopctl.errors import DamagedError, NotFoundError
from sopctl.store import case_json
from sopctl.store.protocol import RecordStore
from sopctl.store.workspace import VERSION_KINDS
from tests.store.contract.acts import INCOMING, Kept, add_note, all_hashes, noted, opened, save

IDS = "sk-tim-1", "sk-tim-12", "sk-tim-1000", "penugasan-7", "sk-2"


@pytest.fixture
def several(store: RecordStore) -> RecordStore:
    """A store with several cases."""
    save(store, *map(opened, IDS))
    return store


def test_cases_are_listed_by_sop_and_in_the_order_of_opening(several: RecordStore) -> None:
    assert [*several.list_ids()] == ["penugasan-7", "sk-2", "sk-tim-1", "sk-tim-12", "sk-tim-1000"]
    assert [*several.list_ids("sk-tim")] == ["sk-tim-1", "sk-tim-12", "sk-tim-1000"]
    for other in ("tidak-ada", "sk-ti", "../instances", "sk-tim/0000", "SK-TIM", "%", "sk\0tim", "'"):
        assert [*several.list_ids(other)] == [], other


@pytest.mark.parametrize(
    ("text", "id"),
    [
        pytest.param("sk-tim-1", "sk-tim-1", id="whole, though others begin so"),
        pytest.param(" SK-Tim-1 ", "sk-tim-1", id="in any case and with blanks around"),
        pytest.param("p", "penugasan-7", id="one letter"),
        pytest.param("sk-tim-100", "sk-tim-1000", id="cut short within the number"),
        pytest.param("TIM-1", "sk-tim-1", id="its end, though others hold it"),
        pytest.param("12", "sk-tim-12", id="the number"),
        pytest.param("gasan", "penugasan-7", id="a part"),
    ],
)
def test_an_id_may_be_cut_short_as_long_as_it_means_one(several: RecordStore, text: str, id: str) -> None:
    assert several.find_id(text) == id


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("sk", "ambiguous", id="several"),
        pytest.param("tim", "ambiguous", id="a part of several"),
        pytest.param("sk-tim-3", "id", id="none"),
        pytest.param("sk-tm-12", "id", id="a typo"),
        pytest.param("", "id", id="nothing"),
        pytest.param("../../x", "id", id="a path"),
        pytest.param("sk-tim-1\0", "id", id="a null"),
        pytest.param("\ud800", "id", id="half a sign"),
        pytest.param("%", "id", id="a sign of a pattern"),
        pytest.param("sk_tim-1", "id", id="another one"),
        pytest.param("x" * 100_000, "id", id="very long"),
    ],
)
def test_an_id_that_means_none_or_several_is_told(several: RecordStore, text: str, code: str) -> None:
    with pytest.raises(NotFoundError) as raised:
        several.find_id(text)
    assert raised.value.code == code
    assert ('mungkin maksudnya "sk-tim-12"' in raised.value.message) == (text == "sk-tm-12")
    assert ("sk-2, sk-tim-1, " in raised.value.message) == (text == "sk")


NO_IDS = "uji-2", "uji", "", "0", "uji-0", "uji-01", "UJI-1", "../uji-1", "uji-1\0", "\ud800-1", "x" * 5000


@pytest.mark.parametrize("id", NO_IDS)
def test_a_case_that_is_not_there_is_not_found(store: RecordStore, id: str) -> None:
    save(store, opened())
    for ask in (store.load_instance, store.read_case):
        with pytest.raises(NotFoundError):
            ask(id)
    assert all_hashes(store, id) == {}


def test_a_case_is_read_as_it_was_saved_by_itself_and_with_others(kept: Kept, several: RecordStore) -> None:
    case = add_note(several, "sk-2").instance
    other = kept.open()
    assert other.load_instance("sk-2") == case
    assert other.read_case("sk-2") == case_json.encode(case)
    asked = ["sk-2", "sk-tim-1", "tidak-ada-1", "bukan id", "penugasan-7"]
    found = {id: data for id, _, data in other.read_cases(asked)}
    assert [*found] == asked
    assert found["sk-2"] == case_json.encode(case)
    assert case_json.decode(found["penugasan-7"] or b"", "", "penugasan-7") == several.load_instance("penugasan-7")
    assert (found["tidak-ada-1"], found["bukan id"]) == (None, None)
    assert [*other.read_cases([])] == []


FILES: dict[str, bytes] = {
    "empty": b"",
    "zeros": bytes(9),
    "a part of the largest": b"x" * 262_143,
    "exactly one": b"y" * 262_144,
    "more than one": bytes(range(256)) * 3_000,
}


def test_files_lie_by_the_id_of_their_case_and_are_read_while_they_are_stored_and_after(
    kept: Kept, store: RecordStore
) -> None:
    save(store, opened())
    with store.begin() as change:
        paths = {name: change.add_attachment("uji-1", name, data) for name, data in FILES.items()}
        letter = change.add_document("uji-1", "001 surat", b"naskah")
        sheet = change.add_document("uji-1", "001/surat: a?", b"naskah", ".pdf")
        scan = change.add_scan(INCOMING, "1.pdf", b"naskah")
        assert all(change.read_file(path) == FILES[name] for name, path in paths.items())
        assert change.read_file(scan) == b"naskah"
        with pytest.raises(NotFoundError):
            store.open_file(letter)
        assert store.list_missing([letter]) == [letter]
        change.commit()
    assert (letter, sheet, scan) == (
        "data/documents/uji/0000/uji-1/001 surat.docx",
        "data/documents/uji/0000/uji-1/001-surat- a-.pdf",
        "data/attachments/masuk/2026/1.pdf",
    )
    other = kept.open()
    expected = {paths[name]: data for name, data in FILES.items()} | {letter: b"naskah", sheet: b"naskah"}
    for path, data in expected.items():
        with other.open_file(path) as file:
            assert (file.read(3), file.read()) == (data[:3], data[3:])
        located = other.locate_file(path)
        assert (located.read_bytes(), located.name) == (data, path.rpartition("/")[2])
    assert other.list_missing([letter, "data/documents/uji/0000/uji-1/x.docx", scan]) == [
        "data/documents/uji/0000/uji-1/x.docx"
    ]
    hashes = {path: sha256(data).hexdigest() for path, data in expected.items()}
    assert all_hashes(other, "uji-1") == hashes
    assert all_hashes(other) == hashes | {scan: sha256(b"naskah").hexdigest()}
    with other.begin() as change:
        assert change.read_file(letter) == b"naskah"


def test_the_same_bytes_under_several_names_are_read_under_each(kept: Kept, store: RecordStore) -> None:
    save(store, opened(), opened("uji-2"))
    with store.begin() as change:
        paths = [change.add_attachment(id, "foto.jpg", b"foto" * 100_000) for id in ("uji-1", "uji-2")]
        change.commit()
    with store.begin() as change:
        paths.append(change.add_attachment("uji-1", "lagi.jpg", b"foto" * 100_000))
        change.commit()
    kept.put_file(paths[0], None)
    other = kept.open()
    assert other.list_missing(paths) == paths[:1]
    for path in paths[1:]:
        with other.open_file(path) as file:
            assert file.read() == b"foto" * 100_000


HOSTILE = (
    "data/documents/uji/0000/uji-1/tidak ada.docx", "data/documents/uji/0000/uji-1", "data/documents/uji/0000/uji-1/",
    "data/documents/uji/0000/uji-1/a\0b", "data/documents/\ud800", "x" * 5000, "", "%",
)  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE)
def test_a_file_that_is_not_there_is_not_found(store: RecordStore, path: str) -> None:
    save(store, opened())
    with store.begin() as change:
        change.add_document("uji-1", "001", b"naskah")
        change.commit()
    for ask in (store.open_file, store.locate_file):
        with pytest.raises((NotFoundError, DamagedError)):
            ask(path)
    assert store.list_missing([path]) == [path]
    with store.begin() as change, pytest.raises(DamagedError):
        change.read_file(path)


def test_a_file_that_was_lost_or_altered_is_told_by_its_hash(kept: Kept, store: RecordStore) -> None:
    save(store, opened())
    with store.begin() as change:
        path = change.add_document("uji-1", "001", b"naskah")
        other = change.add_document("uji-1", "002", b"naskah kedua")
        change.commit()
    kept.put_file(path, b"palsu!")
    assert all_hashes(kept.open(), "uji-1")[path] != sha256(b"naskah").hexdigest()
    kept.put_file(path, None)
    assert [*all_hashes(kept.open(), "uji-1")] == [other]
    with store.begin() as change, pytest.raises(DamagedError) as raised:
        change.read_file(path)
    assert raised.value.code == "missing"


def test_a_pinned_text_is_kept_once_and_compared_with_its_hash(kept: Kept, store: RecordStore) -> None:
    text, other = b"id: uji\n\0\xff", b"instansi: {}\n"
    version, office = sha256(text).hexdigest(), sha256(other).hexdigest()
    for pinned in (text, b"lain"):
        with store.begin() as change:
            change.pin_sop(version, pinned)
            change.use_office(office, other)
            change.commit()
    found = kept.open()
    assert (found.list_versions("sops"), found.list_versions("office")) == ([version], [office])
    assert (found.read_version("sops", version), found.read_version("office", office)) == (text, other)
    for kind, one in zip(VERSION_KINDS, (office, version), strict=True):
        with pytest.raises(NotFoundError):
            found.read_version(kind, one)
    kept.put_version("sops", version, b"id: palsu\n")
    with pytest.raises(DamagedError) as raised:
        kept.open().read_version("sops", version)
    assert raised.value.code == "changed"


@pytest.mark.parametrize("version", ["", "v1", "0" * 64, "../office/x", "\0", "\ud800", "%", "x" * 5000])
def test_a_version_that_nobody_pinned_is_not_found(store: RecordStore, version: str) -> None:
    for kind in VERSION_KINDS:
        with pytest.raises((NotFoundError, DamagedError)):
            store.read_version(kind, version)


def test_a_case_that_was_altered_is_not_read(kept: Kept, store: RecordStore) -> None:
    case = noted(opened())
    save(store, case)
    altered = case.instance
    kept.put_case(
        type(altered)(**{field: getattr(altered, field) for field in altered.__struct_fields__} | {"revision": 3})
    )
    with pytest.raises(DamagedError):
        kept.open().load_instance("uji-1")
