"""The guide for whoever writes templates, made from the typed context: `templates/README.md` is what `guide` returns.

Indonesian, as everything an office reads. A name of the context without a sentence here fails a test, and so does a
file that says something else.
"""

from collections.abc import Mapping

from msgspec import Struct

from sopctl.letters.context import Agenda, FilledField, Foto, KelengkapanItem, Signature, Surat
from sopctl.word.letterhead import Letterhead
from sopctl.word.printed_values import Person

VARIABLES: dict[str, str] = {
    "instansi": "kop surat; lihat Instansi",
    "sop_nama": "nama SOP",
    "sop_nomor": "nomor SOP dari lembar identitasnya, kosong bila tidak ada",
    "id": "id berkas, misalnya sk-tim-1",
    "code": "kode verifikasi naskah ini: dengan itu sopctl verify mengenali asalnya",
    "subject": "perihal berkas",
    "no": "nomor baris SOP yang menulis naskah ini",
    "kegiatan": "kegiatan baris itu",
    "output": "output baris itu",
    "waktu": "waktu baku baris itu",
    "keterangan": "keterangan baris itu",
    "judul": "judul dokumen dari SOP, atau output barisnya",
    "act": "perlakuan atas naskah: draft, initial, sign, receive, atau kosong",
    "status": "keadaan naskah di atas kertas: KONSEP, DIPARAF, DITANDATANGANI, DITERIMA, SELESAI",
    "nomor": "nomor surat; titik-titik selama belum diberikan",
    "tanggal": "tanggal ditandatangani; titik-titik sebelum itu",
    "tanggal_naskah": "tanggal naskah ini ditulis",
    "tanggal_mulai": "tanggal berkas dibuka",
    "signer": "yang menandatangani (atau akan); lihat Pejabat",
    "signed": "benar bila catatan menyebut naskah sudah ditandatangani",
    "actor": "yang mengerjakan baris ini; lihat Pejabat",
    "recipients": "daftar penerima giliran berikutnya; lihat Pejabat",
    "catatan": "catatan (--note) pada langkah ini",
    "signatures": "daftar perbuatan atas naskah yang masih berlaku; lihat Perbuatan",
    "paraf": "paraf hierarki, paling banyak tiga, tanpa penyusun konsep; lihat Perbuatan",
    "koordinasi": "paraf koordinasi pejabat unit kerja lain; lihat Perbuatan",
    "srikandi": "benar bila nomor dan tanda tangan diisi SRIKANDI",
    "ttd": "penanda tanda tangan SRIKANDI; kosong pada surat lain",
    "kelengkapan": "daftar kelengkapan baris ini; lihat Kelengkapan",
    "lampiran": "daftar nama lampiran",
    "foto": "daftar foto dan pindaian yang dilampirkan; lihat Foto",
    "filled": "semua isian yang sudah diisi, untuk templat umum; lihat Isian",
}
"""What each name of the `TemplateContext` is."""

PARTS: dict[type[Struct], tuple[str, dict[str, str]]] = {
    Letterhead: (
        "Instansi",
        {
            "pemerintah": "baris pertama kop",
            "nama": "nama perangkat daerah",
            "bidang": "nama bidang",
            "singkatan": "singkatan dalam nomor surat",
            "alamat": "alamat",
            "kota": "tempat surat ditetapkan",
            "telepon": "telepon",
            "laman": "laman",
            "pos_el": "pos-el",
            "logo": "gambar lambang, bila ada",
        },
    ),
    Person: (
        "Pejabat",
        {
            "pelaksana": "kunci pelaksana dalam SOP",
            "jabatan": "jabatan",
            "nama": "nama; titik-titik bila belum ada di sopctl.yaml",
            "nip": "NIP; titik-titik bila belum ada",
            "pangkat": "pangkat dan golongan; titik-titik bila belum ada",
            "as_": "Plt., Plh., Pj., a.n., u.b., atau kosong",
            "atas_nama": "jabatan yang diwakili pada a.n. dan u.b.",
            "perantara": "jabatan di antaranya pada u.b.",
        },
    ),
    Signature: (
        "Perbuatan",
        {
            "act": "draft, initial, sign atau receive",
            "perbuatan": "Konsep disusun, Diparaf, Ditandatangani, Diterima",
            "kegiatan": "kegiatan barisnya",
            "person": "pelakunya; lihat Pejabat",
            "tanggal": "tanggalnya",
            "waktu": "tanggal dan jamnya",
        },
    ),
    KelengkapanItem: (
        "Kelengkapan",
        {
            "nama": "nama kelengkapan",
            "ada": "benar bila sudah ada",
            "berkas": "nama lampiran buktinya, atau kosong",
        },
    ),
    Foto: (
        "Foto",
        {
            "nama": "nama lampirannya",
            "item": "kelengkapan yang dibuktikannya",
            "gambar": "gambarnya, paling besar setengah halaman: `{{ f.gambar }}`",
        },
    ),
    FilledField: (
        "Isian",
        {
            "name": "nama isian",
            "label": "labelnya",
            "type": "jenisnya",
            "text": "nilainya sebagai teks",
            "lines": "baris-baris sebuah daftar",
            "columns": "judul kolom sebuah tabel",
            "rows": "baris-baris sebuah tabel",
        },
    ),
}
"""The parts that the variables are made of, each with its heading."""

REGISTER: dict[type[Struct], tuple[str, dict[str, str]]] = {
    Agenda: (
        "Cetakan buku agenda (agenda.docx)",
        {
            "instansi": "kop surat; lihat Instansi",
            "tahun": "tahun buku agenda; kosong bila semua tahun",
            "surat": "daftar surat; lihat Surat",
            "tanggal": "tanggal dicetak",
        },
    ),
    Surat: (
        "Surat",
        {
            "nomor": "nomor surat; kosong bila masih ditunggu",
            "tanggal": "tanggal",
            "perihal": "isi surat",
            "berkas": "id berkas, atau kosong",
            "dokumen": "nama dokumen, atau kosong",
            "oleh": "akun yang mencatat",
            "keadaan": "menunggu nomor, ditarik, dilewati, atau kosong",
            "catatan": "alasannya",
        },
    ),
}

GLOBAL = {
    "kosong": "titik-titik; juga sebagai pengganti isian yang tidak dipunyai SOP: `{{ dasar | default(kosong) }}`",
    "terbilang": "`terbilang(x)`: angka atau tanggal dengan huruf",
    "predikat": "`predikat(hasil_kerja, perilaku_kerja)`: predikat menurut PermenPAN-RB 6/2022",
    "range": "`range(1, 16)`: bilangan 1 sampai 15, untuk baris kosong",
}
"""What every template may call or print besides."""

_HEAD = """\
# Templat surat

Dokumen Word di folder ini adalah sumber surat kantor: ubah di Word, simpan, dan surat berikutnya sudah memakainya.
Halaman ini dibuat oleh sopctl dari apa yang benar-benar dikenal templat; jangan disunting.

- Kop surat ada di `kop.docx`, blok tanda tangan di `tanda-tangan.docx`, paraf dan riwayat di `paraf.docx`, kaki
  halaman di `kaki.docx`, daftar hadir di `hadir.docx`, foto di `foto.docx`. Ubah di sana, dan semua surat berubah.
- Ukuran kertas, pinggir, huruf dan nomor halaman dapat diatur untuk semua surat di `sopctl.yaml` (`paper`,
  `pages`).
- Setelah mengubah: `sopctl template check`, lalu `sopctl template preview NAMA` untuk melihat hasilnya.
- Pembaruan sopctl tidak menyentuh folder ini. `sopctl template restore` hanya menambahkan templat bawaan yang belum
  ada.

## Menulis tag

| tulis | artinya |
|---|---|
| `{{ nomor }}` | cetak sebuah nilai |
| `{% if signed %} … {% endif %}` | cetak bila benar, di dalam satu paragraf |
| `{%p if signed %}` … `{%p endif %}` | sama, untuk paragraf utuh; tag berdiri sendiri di paragrafnya |
| `{%tr for a in anggota %}` … `{%tr endfor %}` | ulangi baris tabel; tag berdiri sendiri di barisnya |
| `{%p include "kop.docx" %}` | sisipkan templat lain |
| `{{ dasar \\| default(kosong) }}` | titik-titik bila SOP tidak mempunyai isian itu |

Ketik sebuah tag sekaligus, dengan satu bentuk huruf. Tag ditutup di paragrafnya sendiri.

## Yang tidak diterima

Templat hanya mencetak, membandingkan dan mengulang. Yang dapat dipanggil hanya `terbilang`, `predikat`, `range` dan
makro templat itu sendiri; teks, daftar dan bilangan diolah dengan filter (`| upper`, `| join(", ")`), bukan dengan
metode Python (`nama.upper()`). `sopctl template check` menolak templat yang:

- memuat makro Word, objek tertanam (OLE, ActiveX), Mail Merge, atau tautan ke templat, gambar dan file luar; tautan
  untuk diklik boleh;
- memuat field Word yang mengambil isi dari luar atau menjalankan program (`INCLUDETEXT`, `INCLUDEPICTURE`, `LINK`,
  `DDE` dan sebagainya): klik field itu, tekan Ctrl+Shift+F9; `PAGE`, `NUMPAGES`, `DATE`, `TOC` dan sejenisnya boleh;
- lebih dari 4 MB XML atau 100.000 elemen bila dibuka, lebih dari 5.000 tag, atau tag lebih dari 2.000 huruf;
- membuat sangat banyak dari yang sedikit: teks yang digandakan terus, pengulangan di dalam pengulangan tanpa batas.

## Nilai yang belum ada

Nilai yang belum diisi tidak pernah hilang diam-diam. Pada konsep dan naskah yang diparaf ia tercetak sebagai
titik-titik dengan nama isiannya. Menandatangani ditolak bila yang kurang adalah:

- isian `required` yang dicetak templat ini dan sudah waktunya diisi (langkahnya tidak di bawah langkah tanda
  tangan), atau
- isian yang disebut `wajib` pada dokumen itu dalam SOP:
  `surat-tugas: {template: surat-tugas.docx, wajib: [dasar]}`.

Isian lain boleh kosong: pada naskah yang ditandatangani ia tetap tercetak sebagai titik-titik, kecuali templatnya
sendiri menghilangkan kalimatnya dengan `{%p if … %}`.

## Isian SOP

Setiap isian (`fields`) SOP adalah variabel dengan namanya sendiri: isian `tugas` dicetak `{{ tugas }}`. Sebuah
`list` diulang dengan `{%p for butir in tugas %}`, sebuah `table` dengan `{%tr for a in anggota %}` dan kolomnya
`{{ a.nama }}`. `sopctl template vars NAMA` menyebut variabel yang dipakai sebuah templat.
"""

_SRIKANDI = """\
## SRIKANDI

Dokumen dengan `srikandi: ya` dalam SOP memuat penanda yang diisi SRIKANDI: `${nomor_naskah}`, `${tanggal_naskah}`,
`${ttd_pengirim}`, `${nama_pengirim}` dan `${nip_pengirim}`, masing-masing utuh. Penanda lain, misalnya `${hal}`,
dapat diketik sendiri di templat. sopctl tidak menandatangani secara elektronik dan tidak meniru tanda tangan, cap
atau kode QR.
"""


def guide() -> str:
    """The whole page, as Markdown."""
    sections = [
        _HEAD,
        _section("Variabel semua templat", VARIABLES),
        *(_section(title, about) for title, about in PARTS.values()),
        _section("Untuk semua", GLOBAL),
        *(_section(title, about) for title, about in REGISTER.values()),
        _SRIKANDI,
    ]
    return "\n".join(sections)


def describe_variable(name: str) -> str:
    """What a variable of every template is, in a sentence; empty for one that is none."""
    return VARIABLES.get(name, GLOBAL.get(name, ""))


def _section(title: str, rows: Mapping[str, str]) -> str:
    lines = [f"| `{name}` | {said.replace('|', chr(92) + '|')} |" for name, said in rows.items()]
    return "\n".join([f"## {title}", "", "| nama | isinya |", "|---|---|", *lines, ""])
