"""Conditions on branches: comparing and counting, and nothing that could reach further."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.sop.conditions import evaluate_condition, find_condition_error, list_condition_fields

FIELDS = {"nilai": 80, "hasil": "baik", "anggota": ["a", "b"]}


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("nilai >= 75", True),
        ("nilai < 75", False),
        ("hasil == 'baik' and nilai > 0", True),
        ("hasil in ['cukup', 'baik']", True),
        ("not nilai == 80 or hasil == 'baik'", True),
        ("nilai * 2 - 10 > 100", True),
        ("-nilai < 0", True),
        ("nilai % 2 == 0", True),
        ("'a' in anggota", True),
        ("50 < nilai <= 80", True),
        ("nilai == 80 or belum_ada", True),
    ],
)
def test_a_condition_answers_for_the_fields(expression: str, *, answer: bool) -> None:
    assert find_condition_error(expression) is None
    assert evaluate_condition(expression, FIELDS) is answer


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("belum_ada > 1", '"belum_ada"'),
        ("range == 1", '"range"'),
        ("nilai > a and b", '"a" dan "b"'),
        ("nilai > hasil", "teks"),
        ("-hasil > 1", "teks"),
        ("hasil * 999999999 == 1", "teks"),
        ("'%9999999999d' % nilai == 1", "teks"),
        ("nilai / 0 > 1", "nol"),
        ("nilai % 0 > 1", "nol"),
    ],
)
def test_a_condition_without_an_answer_says_why(expression: str, words: str) -> None:
    assert find_condition_error(expression) is None
    answer = evaluate_condition(expression, FIELDS)
    assert isinstance(answer, str)
    assert words in answer


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        pytest.param("nilai = 75", "==", id="one-equals-sign"),
        pytest.param("nilai => 75", ">=", id="turned-sign"),
        pytest.param("nilai > 1 && nilai < 3", "and", id="and-of-another-language"),
        pytest.param("nilai >=", "tidak terbaca", id="cut-short"),
        pytest.param("", "tidak terbaca", id="empty"),
        pytest.param("nilai; 1", "tidak terbaca", id="two-statements"),
        pytest.param("{{ nilai > 1 }}", "kurung kurawal", id="braces"),
        pytest.param("a }} {{ b", "kurung kurawal", id="two-outputs"),
        pytest.param("1 == 1", "isian", id="without-a-field"),
        pytest.param("nilai.__class__ == 1", "membandingkan", id="attribute"),
        pytest.param("nilai['__class__'] == 1", "membandingkan", id="subscript"),
        pytest.param("range(10**9)", "membandingkan", id="call"),
        pytest.param("nilai|list", "membandingkan", id="filter"),
        pytest.param("nilai is defined", "membandingkan", id="test"),
        pytest.param("nilai > 9**9**9", "membandingkan", id="power"),
        pytest.param("nilai ~ hasil == 'x'", "membandingkan", id="joined-text"),
        pytest.param("nilai if hasil else 1", "membandingkan", id="if-else"),
        pytest.param("nilai > " + "1 + " * 60 + "1", "200", id="too-long"),
        pytest.param("(" * 90 + "nilai" + ")" * 90, "tidak terbaca", id="too-many-brackets"),
        pytest.param("-" * 150 + "nilai", "bertingkat", id="too-deep"),
    ],
)
def test_what_is_no_condition_is_refused_before_it_runs(expression: str, words: str) -> None:
    complaint = find_condition_error(expression)
    assert complaint is not None
    assert words in complaint
    assert evaluate_condition(expression, FIELDS) == complaint
    assert list_condition_fields(expression) == ()


def test_a_condition_names_its_fields_in_order_and_once() -> None:
    assert list_condition_fields("nilai > 1 and hasil == 'x' or nilai == 3") == ("nilai", "hasil")


@given(st.text(alphabet="nilai 0123456789+-*/%<>=!()[]'\"and or not in.,|~^{}#", max_size=60))
def test_no_expression_raises(expression: str) -> None:
    assert isinstance(evaluate_condition(expression, FIELDS), bool | str)
