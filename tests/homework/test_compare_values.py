"""What comes out of a sandbox is read under a schema, and compared for what it is worth."""

import json

import numpy as np
import pytest

from lrcore.homework.grade.compare_values import compare, compare_quantity
from lrcore.homework.grade.quantities import quantity
from lrcore.homework.sandbox.protocol import Forged, Other, Said, read, strict_json, value_of

RIGHT = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])


@pytest.mark.parametrize(
    ("given", "share", "says"),
    [
        (RIGHT, 1.0, ""),
        (RIGHT * (1 + 1e-12), 1.0, ""),
        (-RIGHT, 0.0, "the sign"),
        (RIGHT / 2, 0.0, "a factor 2 is lost"),
        (RIGHT * 3, 0.0, "a constant factor: times 0.333333"),
        (RIGHT.T, 0.0, "it is right when transposed"),
        (RIGHT[0], 0.0, "its shape is (3,), but (2, 3) is asked for"),
        (RIGHT * np.nan, 0.0, "NaN or infinity"),
        (RIGHT * 0, 0.0, "it is zero"),
        (RIGHT + [[0, 0, 0], [0, 0, 1e-3]], 0.0, "1 of 6 entries are wrong"),
        ("text", 0.0, "a text"),
        (True, 0.0, "the truth value"),
        (None, 0.0, "is there a return?"),
        (Other("Tensor"), 0.0, "an object of type Tensor"),
        ((1.0, 2.0), 0.0, "2 values"),
        (1.0, 0.0, "its shape is ()"),
        (np.zeros((0,)), 0.0, "its shape is (0,)"),
    ],
)
def test_array_is_worth_what_it_is_and_the_fault_is_named(given, share, says):
    finding = compare(RIGHT, Said(given), 1e-8)
    assert finding.share == share
    assert says in finding.says
    assert bool(finding.says) == (share < 1)


def test_each_part_of_a_tuple_counts():
    finding = compare((RIGHT, 2.0), Said((RIGHT, -2.0)), 1e-8)
    assert (finding.share, finding.says) == (0.5, "value 2: the sign: times -1 it is right")
    assert compare((1.0, 2.0), Said((1.0,)), 1e-8).says == "it gives 1 values, but 2 are asked for"
    assert compare((1.0, 2.0), Said(np.ones(2)), 1e-8).share == 0


def test_zero_is_right_where_zero_is_asked_for():
    assert compare(np.zeros(3), Said(np.zeros(3)), 1e-8).share == 1
    assert compare(np.zeros(3), Said(np.full(3, 1e-3)), 1e-8).share == 0


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("-67400 USD / bedroom", 1),
        ("-67.4 kUSD per bedroom", 1),
        ("-67.4 thousand dollars/bedroom", 1),
        ("- 67400 USD / bedroom", 1),
        ("−67,400 $ per bedroom", 1),
        ("-67400 USD", 0.5),
        ("-67400", 0.5),
        ("67400 USD / bedroom", 0),
        ("-6.74e4 USD / bedrooms", 1),
        ("-70000 USD / bedroom", 0),
        ("bedroom", 0),
        ("", 0),
        ("nan USD / bedroom", 0),
        ("1e999 USD / bedroom", 0),
        ("9" * 5000 + " USD", 0),
    ],
)
def test_quantity_is_its_number_and_its_unit(text, share):
    assert compare_quantity(-67400.0, "USD / bedroom", Said(text), 0.001).share == share


def test_units_are_read_as_people_write_them():
    assert quantity("3 USD / square foot") == quantity("3 $ per sqft") == quantity("3 USD/ft^2")
    assert str(quantity("12.5 kUSD sqft")) == "12500 sqft USD"


MONEY = r"""547031.88 USD|$547,031.88|US$547,031.88|US$ 547,031.88|547,031.88 US$|USD 547,031.88|547 031.88 USD
547'031.88 USD|547.031,88 USD|547_031.88 USD|547031,88 USD|547.03188 kUSD|547.03188k USD|547.03188 thousand dollars
0.54703188 million dollars|0.54703188M USD|$0.54703188 million|0.54703188 MUSD|5.4703188e5 USD|5.4703188·10^5 USD
5.4703188 × 10⁵ USD|5.4703188*10**5 USD|5.4703188 x 10^5 US dollars|5.4703188\cdot 10^{5} USD|547{,}031.88 \text{USD}
54703188 cents|547031.88 U.S. dollars|$ 547,031.88|547031.88 dollar(s)|+547031.88 $"""
AREA = r"""USD ft²|USD*ft**2|USD sq.ft.|USD sq. ft.|USD sq ft|USD sqft|USD·ft^2|USD ft2|$ square feet|USD-sqft
USD feet^2|USD*(ft^2)|ft² USD|USD ft^{2}|USD ft squared|USD sqft.|USD sq-ft|USD.ft^2|USD ft*ft|usd SQFT
US$ ft²|USD \cdot ft^2
dollars square foot|USD/ft^-2|USD/(1/sqft)|USD/ft*ft^3|* USD * ft^2|\,\text{USD}\,\text{ft}^2"""
PER_AREA_SQUARED = """1/sqft^2|/sqft^2|/ sqft²|sqft^-2|sqft**-2|ft^-4|ft⁻⁴|per sqft^2|1/(sqft*sqft)|1/sqft/sqft
(sq ft)^-2|sqft^(-2)|1/ft**4|per sqft per sqft|1/sq.ft.^2|per square foot per square foot"""


def spelt(lines):
    return [one for line in lines.splitlines() for one in line.split("|")]


def test_a_quantity_means_what_it_says_in_any_spelling():
    assert {text: str(quantity(text)) for text in spelt(MONEY)} == dict.fromkeys(spelt(MONEY), "547032 USD")
    for unit, texts in (("sqft USD", AREA), (" / sqft^2", PER_AREA_SQUARED)):
        assert {text: str(quantity(f"3 {text}")) for text in spelt(texts)} == dict.fromkeys(spelt(texts), f"3 {unit}")
    assert quantity("56.58·10^6 $ft²") == quantity("56.58e6 USD sqft")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("USD/ft*bedroom", "USD/(ft*bedroom)"),  # from left to right, as Python
        ("USD*ft", "USD*ft**2"),
        ("1/sqft", "1/sqft^2"),
        ("kUSD", "USD"),
        ("m USD", "MUSD"),
        ("sqft^2 USD", "ft^2 USD"),
        ("USD / sqft^-1", "USD / sqft"),
        ("4 USD", "USD"),
        ("USD / (", "USD"),
        ("USD^99999999999", "USD"),
    ],
)
def test_a_neighbouring_unit_is_another_one(wrong, right):
    assert quantity(f"3 {wrong}") != quantity(f"3 {right}")


@pytest.mark.parametrize(
    "text", ["--3 USD", "bedroom", "1.5.2.7 USD", "nan", "3^999999999 USD", "1e999", "(" * 190, "3.e 4"]
)
def test_what_is_no_quantity_earns_nothing(text):
    assert compare_quantity(3.0, "USD", Said(text), 0.001).share < 1


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1,]",
        '{"a": 1, "a": 2}',
        "NaN",
        "[Infinity]",
        "[" * 30 + "]" * 30,
        '{"a":' * 30,
        "1" * 5000,
        "x",
        "",
        "\x00",
        '"\\ud800"x',
    ],
)
def test_json_with_surprises_is_refused(text):
    with pytest.raises(Forged):
        strict_json(text, 10_000)


def test_brackets_in_a_text_are_no_depth():
    assert strict_json(json.dumps({"a": "[" * 500}), 10_000) == {"a": "[" * 500}


@pytest.mark.parametrize(
    "item",
    [
        {"array": [[1, 2], [3]], "shape": [2, 2]},
        {"array": [1, 2], "shape": [3]},
        {"array": [1, "x"], "shape": [2]},
        {"array": [True], "shape": [1]},
        {"array": 3, "shape": []},
        {"array": [], "shape": [10**9, 0]},
        {"array": [1], "shape": ["1"]},
        {"list": {"0": 1}},
        {"value": 1},
        {"list": [], "more": 1},
        [1, 2],
        10**400,
        {"type": 3},
    ],
)
def test_value_that_the_worker_cannot_have_written_is_refused(item):
    with pytest.raises(Forged):
        value_of(item)


def test_values_come_back_as_they_were():
    assert value_of({"list": [1, "a", None, True, "nan"]})[:4] == (1.0, "a", None, True)
    assert np.isnan(value_of("nan"))
    assert value_of({"array": [[1, 2, 3]], "shape": [1, 3]}).tolist() == [[1.0, 2.0, 3.0]]


def test_transcript_keeps_the_first_and_marks_what_is_forged():
    lines = [
        b'{"at": 0}',
        b'{"cell": 0, "error": null, "lacking": []}',
        b'{"asking": "q/0"}',
        b'{"answer": "q/0", "said": "[{\\"value\\": 1}]"}',
        b'{"answer": "q/0", "said": "[{\\"value\\": 2}]"}',
        b"\xff\xfe",
        b'{"total": 100}',
    ]
    transcript = read(tuple(lines), 1000)
    assert transcript.answers["q/0"] == (Said(1.0),)
    assert transcript.forged
    assert not transcript.finished
    assert not read(tuple(lines[:4]), 1000).forged
