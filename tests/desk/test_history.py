"""The sentences about events, for whoever reads the form."""

from sopctl.desk.history import Wording


def test_a_sentence_says_the_numbers_of_rows_and_the_words_of_documents() -> None:
    words = Wording(steps={"periksa": "4", "periksa-ketua": "3"}, documents={"surat-tugas": "Surat tugas"})
    assert words.word_names("Langkah periksa-ketua, periksa dan lain, bukan langkah periksakan.") == (
        "Langkah 3, 4 dan lain, bukan langkah periksakan."
    )
    assert words.word_names("Dokumen surat-tugas tanpa paraf dari langkah periksa: a.") == (
        "Dokumen Surat tugas tanpa paraf dari langkah 4: a."
    )
