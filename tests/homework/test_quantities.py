# ruff: noqa: E501 (spellings stand side by side)
"""A number with its unit means what its writer means, however it is spelt; what means something else is not accepted."""

import pytest

from lrcore.homework.grade.compare_values import compare_quantity
from lrcore.homework.grade.quantities import quantity
from lrcore.homework.sandbox.protocol import Said

# What is meant, as value and powers of units, with the spellings that mean it.
MEANT = [
    (56580000.0, {'usd': 1, 'ft': 2}, ['56.58 million USD sqft', '56.58·10^6 USD*ft**2', '5.658e7 USD·ft²', 'USD 5.658e7 sq ft', '$56,580,000 sqft', '56 580 000 USD sq. ft.', '56.580.000,0 USD sqft']),
    (-67400, {'usd': 1, 'bedroom': -1}, ['-67.4 kUSD per bedroom', '−67.4 k$/bedroom', '-$67,400 / bedroom', '$ -67,400 per bedroom']),
    (12.5, {'usd': 1, 'ft': -2}, ['12.5 USD/sqft', '12.5 USD / ft^2', '12.5 $/ft2', '12.5 USD ft^-2', '12.5 USD*ft**(-2)', '12.5 USD per square foot', '12.5 dollars per sq ft', '1.25e1 US$ per sq. foot', '12.5 US-$/sqft', '12.5 usd/SQFT', 'USD12.5/sqft', '$12.5/sqft', '12.5$ / sqft', '12,5 USD/sqft', 'slope = 12.5 USD/sqft', '12.5 [USD/sqft]', '12.5 (USD/sqft)', '12.5 USD / ft.²', '12.5 USD / sq-ft', '12.5 USD/sf', '12.5 USD / ft ^ 2', '12.5 USD / ft ** 2', '12.5\u202fUSD/ft²', 'USD 12.5/ft²', '12.5 USD^1 ft^-2', '12.5 \\frac{USD}{ft^2}', '12.5\\,USD/ft^2', '12.5 \\$/\\text{sq ft}', '12.5 `USD/sqft`']),
    (547031.88, {'usd': 1}, ['547031.88 USD', '$547,031.88', '547.031,88 USD', "547'031.88 USD", '547_031.88 USD', '547 031.88 USD', '547.03188k USD', '0.54703188 M$', '547.03188 thousand dollars', '547031.88 US Dollars', '+547031.88 USD', '547031.88 U.S. dollars', '\\$547{,}031.88', '$547031.88\\,\\text{USD}$']),
    (3.2e-07, {'ft': -4}, ['3.2 \\times 10^{-7}\\ \\mathrm{ft}^{-4}', '3.2e-7 / sqft^2', '3.2e-7 1/sqft^2', '3.2e-7 sqft^-2', '3.2×10⁻⁷ ft⁻⁴', '3.2 x 10^-7 per ft^4', '3.2E-7 ft^(-4)', '3.2*10**-7 / (sqft*sqft)', '3.2e-7 / sqft / sqft', '3.2e-7 per square foot squared', '3.2e-7 (sqft)^-2', '3.2e-7 1/(ft^2)^2', '3.2e-7 1/ft**4']),
    (12, {'usd': 1, 'ft': -2, 'bedroom': 1}, ['12 USD / sqft * bedroom', '12 USD*bedroom/sqft']),
    (12, {'usd': 1, 'ft': -2, 'bedroom': -1}, ['12 USD/(sqft*bedroom)', '12 USD/sqft/bedroom', '12 USD / sqft bedroom']),
    (12.5, {'usd': 1, 'std': -1}, ['12.5 USD per std', '12.5 USD / std', '12.5 USD per standard deviation', '12.5 USD/SD', '12.5 dollars/std. dev.', '12.5 USD/std dev', '12.5 USD/σ']),
    (0.3333333333333333, {'usd': 1}, ['1/3 USD']),
    (666666.6666666666, {'usd': 1}, ['2/3*10^6 USD']),
    (12.5, {'usd': 1}, ['approx. 12.5 USD', '≈ 12.5 USD', '~12.5 USD', '= 12.5 USD', '12.5 USD.', '(12.5) USD', '12.5\xa0USD', '1250 cents']),
    (-12.5, {'usd': 1}, ['(-12.5) USD']),
    (12.5, {'usd': 1, 'ft': 2}, ['12.5 USD-sqft', '12.5 USD⋅sqft', '12.5 USD x sqft', '12.5 USD × ft × ft', '12.5 ft² · $', '12.5 square feet dollars', '12.5 dollar square-feet', '12.5 $ft^2', '12.5$ ft^{2}', '12.5 USD sqft^1', '1.25 * 10^1 * USD * sqft']),
    (12.5, {'usd': 1, 'year': -1}, ['12.5 USD/year', '12.5 USD/yr']),
    (1250000.5, {'usd': 1}, ['1 250 000,50 $']),
    (1250000.0, {'usd': 1}, ['1,25 Mio. USD', '1.25M USD']),
    (1250000000.0, {'usd': 1}, ['1.25 bn USD', '1.25B USD']),
    (12500, {'usd': 1}, ['12.5K USD', '12.5 Tsd. USD']),
    (12500, {'usd': 1, 'ft': -2}, ['12.5kUSD/sqft']),
    (-67400, {'usd': 1, 'bedroom': -1}, ['-67.4e3USD/bedroom', 'minus 67400 USD/bedroom', 'negative 67.4 kUSD per bedroom', 'minus $67,400 / bedroom', '-67400 USD per additional bedroom', 'slope = -67400 USD/bedroom', 'The slope is -67,400 USD per bedroom', '-67.4e3 USD for each bedroom', '$$-67.4\\cdot 10^{3}\\ \\frac{USD}{bedroom}$$', '-67.4 e3 USD/bedroom', '-67,400 dollars each bedroom']),
    (56600000, {'usd': 1, 'ft': 2}, ['5.66E7USD*sqft', '5.66 10^7 USD sqft', '5.66 10**7 USD*sqft', '5.66 E7 USD sqft', '5.66*10^7USD*sqft', '56.6e6USD.sqft', '5.66e7 USD multiplied by ft^2', '5.66e7usd sqft', '(5.66e7) USD*sqft', '(5.66 * 10^7) USD*sqft', '5.66 \\times 10^{7}\\text{ USD ft}^{2}', 'dL/dw = 5.66e7 USD*sqft', '∂L/∂w = 5.66e7 USD sqft']),
    (3.2e-07, {'ft': -4}, ['3.2 10^-7 /sqft^2', '3.2 10^{-7}/ft^{4}', '3.2e-7/(sq_ft)^2', '(3.2e-7)/(sqft^2)', '3.2E-7 1/ft^{4}', '3.2e-7 sqft^-2.0', 'rate: 3.2e-7 / sqft^2']),
    (547031.88, {'usd': 1}, ['$0.54703188M', '$ 0.54703188 M', 'USD 0.54703188M', '0.54703188M USD', '$0.54703188 mln', '547,031.88 $ USD', '$547,031.88 USD', '$547,031.88 dollars', '547031.88 USD ($)', '547031.88 U.S.D.', 'price: $547,031.88', 'the price is about 547031.88 USD', 'answer: 547031.88 USD', '**547031.88 USD**', '547031.88, USD', 'predicted price = $547,031.88.', '547031.88 in USD', 'plus 547031.88 USD', '547031.88 USD (rounded)']),
    (12.5, {'usd': 1, 'ft': -2}, ['12.5 USD/ft^2.', '12.5 USD/ft^2;', '12.5 USD/sqft,', '12.5 U.S. $/ft²', '12.5 US $ / sqft', '12.5 USD/sq_ft', '12.5 USD/square_foot', '12.5 USD_per_sqft', '12.5 USD/sqft_living', '12.5 USD per sqft of living space', '12.5 USD/{ft^2}', '12.5 {USD}/{sqft}', '12.5 \\frac{USD}{ft^{2}}', '12.5 USD / sqft (per house)', '12.5 USD/ft^2 (dollars per square foot)', '\\(12.5\\ USD/ft^2\\)', '\\[12.5\\ USD/ft^2\\]', '(12.5 USD/sqft)', 'price: 12.5 USD/sqft', 'roughly 12.5 USD/sqft', 'around 12.5 USD per sqft', '≅ 12.5 USD/sqft', '12.5 USD⁄ft²', '12.5 USD／ft^2', '＄12.5/sqft', '12.5 USD over sqft', '12.5 USD divided by sqft', '12.5 USD per one sqft', '12.5 USD a square foot', '12.5 USD for every square foot', '12.5 USD sqft-1', '12.5 USD ft-2', '$12.5$ USD/ft^2']),
    (12.5, {'usd': 1, 'ft': 2}, ['12.5 USD∗ft²', '12.5 USD times sqft', '12.5 USD_sqft']),
    (12.5, {'euro': 1}, ['12.5 euros']),
]  # fmt: skip
OTHERS = [  # what is right, and what is not
    ("12.5 USD / sqft", "12.5 USD sqft"),
    ("12.5 USD / sqft", "12.5 USD"),
    ("12.5 USD / sqft", "12.5 USD / ft"),
    ("12.5 USD / sqft", "12.5 USD / sqm"),
    ("12.5 USD / sqft", "12.5 EUR / sqft"),
    ("12.5 USD / sqft", "12.5 kUSD / sqft"),
    ("12.5 USD / sqft", "1.25 USD / sqft"),
    ("12.5 USD / sqft", "125 USD / sqft"),
    ("12.5 USD / sqft", "12.5"),
    ("12.5 USD / sqft", "12.5 / sqft"),
    ("12.5 USD / sqft", "12.5 USD / sqft^2"),
    ("12.5 USD / sqft", "12.5 USD / sqft / sqft"),
    ("12.5 USD sqft", "12.5 USD * sqft / bedroom"),
    ("12.5 USD / (sqft bedroom)", "12.5 USD / sqft * bedroom"),
    ("1250 USD", "1.250,00 cents"),
    ("1500 USD", "1.500 USD"),
    ("12.5 USD", "12.5 USD USD"),
    ("12.5 USD", "12.5 USD or 13 USD"),
    ("12.5 USD", "12.5 13 USD"),
    ("12.5 USD", "-12.5 USD"),
    ("12.5 USD", "12.5 USD 12.5 USD"),
    ("12.5 USD", "12.5 USD ± 5"),
    ("12.5 USD", "12.5-13 USD"),
    ("12.5 USD", "12.5 to 13 USD"),
    ("12.5 USD", "between 12.5 USD and 13 USD"),
    ("12.5 USD", "not 12.5 USD"),
    ("12.5 USD", "12.5 milliUSD"),
    ("12.5 USD", "12.5 m$"),
    ("12.5 USD", "12.5 CAD"),
    ("12.5 USD", "12.5 A$"),
    ("12.5 USD", "12.5% USD"),
    ("12.5 USD / sqft", "12.5 USD // sqft"),
    ("3.2e-7 / sqft^2", "3.2e-7 / sqft"),
    ("3.2e-7 / sqft^2", "3.2e-7 / ft^2"),
    ("3.2e-7 / sqft^2", "3.2e-7 sqft^2"),
    ("12.5 USD", "12.5 USD^2"),
    ("12.5 USD", "$12.5$ USD^0"),
    ("12.5 USD / sqft", "12.5 USD / square ft^2"),
    ("12.5 USD / sqft", "12.5 sqft / USD"),
    ("12.5 USD", "12.5 usdollarsx"),
    ("12.5 USD / std", "12.5 std / USD"),
    ("12.5 USD", "12.5 HKD"),
    ("12.5 USD", "HK$12.5"),
    ("12.5 USD", "C$ 12.5"),
    ("12.5 USD", "< 12.5 USD"),
    ("12.5 USD", "12.5 USD?"),
    ("12.5 USD", "12.5 USD !"),
    ("12.5 USD / sqft", "12.5 USD / sqft / 1000"),
    ("12.5 USD", "1.25e2 USD"),
    ("12.5 USD", "12.5**2 USD"),
    ("12.5 USD", "12.5*2 USD"),
    ("12.5 USD / sqft", "12.5 USD / sqft (per bedroom)"),
    ("12.5 USD / sqft", "12.5 USD / sqft (or 13)"),
    ("12.5 USD / sqft", "12.5 USD (sqft)"),
    ("12.5 USD / sqft", "12.5 USD/sqft, 13 USD/sqft"),
    ("12.5 USD / sqft", "12.5 USD/sqft; 13"),
    ("12.5 USD / sqft", "12.5 USD/sq_m"),
    ("12.5 USD / sqft", "12.5 USD/{ft}"),
    ("12.5 USD / sqft", "12.5 USD/ft-2"),
    ("12.5 USD / sqft", "12.5 USD sqft-2"),
    ("12.5 USD / sqft", "12.5 USD times sqft"),
    ("12.5 USD / sqft", "12.5 USD over bedroom"),
    ("12.5 USD / sqft", "12.5 USD for each bedroom"),
    ("12.5 USD / sqft", "$12.5M/sqft"),
    ("12.5 USD / sqft", "12.5 USD/sqft of land"),
    ("12.5 USD", "$12.5M"),
    ("12.5 USD", "12.5e3USD"),
    ("12.5 USD", "12.5 e3 USD"),
    ("12.5 USD", "12.5 10^2 USD"),
    ("12.5 USD", "12.5 12^2 USD"),
    ("12.5 USD", "minus 12.5 USD"),
    ("12.5 USD", "negative 12.5 USD"),
    ("-12.5 USD", "minus -12.5 USD"),
    ("12.5 USD", "thousands: 12.5 USD"),
    ("12.5 USD", "the slope is not 12.5 USD"),
    ("12.5 USD", "log price = 12.5 USD"),
    ("12.5 USD", "price in thousands: 12.5 USD"),
    ("12.5 USD", "half the price is 12.5 USD"),
    ("12.5 USD", "12.5 USD times 2"),
    ("12.5 USD", "$12.5 EUR"),
    ("12.5 USD", "USD 12.5 EUR"),
    ("12.5 USD", "$12.5 USD^2"),
    ("12.5 USD", "12.5 $ USD^2"),
    ("12.5 USD", "12.5 USD ($^2)"),
    ("12.5 USD", "(12.5 USD)^2"),
    ("12.5 USD", "$12.5$ kUSD"),
    ("12.5 USD", "12.5 USD a year"),
    ("12.5 USD", "12½ USD"),
    ("12.5 USD", "12.5 USD (13)"),
    ("12.5 USD", "12.5 (13) USD"),
    ("12.5 USD", "(12.5 USD) 13"),
    ("1250000 USD", "$1.25"),
    ("3.2e-7 / sqft^2", "3.2 10^-6 /sqft^2"),
    ("3.2e-7 / sqft^2", "3.2 10^7 /sqft^2"),
]
NOTHING = [
    "",
    "one dollar",
    "nan USD",
    "inf USD",
    "1e400 USD",
    "--5 USD",
    "USD",
    "1/0 USD",
    "\ud800 5 USD",
    "\x005 USD",
]


@pytest.mark.parametrize(
    ("value", "unit", "spelt"), [(value, unit, one) for value, unit, spellings in MEANT for one in spellings]
)
def test_every_spelling_means_what_it_says(value, unit, spelt):
    found = quantity(spelt)
    assert found is not None
    assert found.value == pytest.approx(value, rel=1e-12)
    assert dict(found.unit) == unit


@pytest.mark.parametrize(("right", "other"), OTHERS)
def test_what_means_something_else_is_not_accepted(right, other):
    number, _, unit = right.partition(" ")
    assert compare_quantity(float(number), unit, Said(right), 1e-6).share == 1
    assert compare_quantity(float(number), unit, Said(other), 1e-6).share < 1


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_number_is_none(text):
    assert quantity(text) is None


@pytest.mark.parametrize(
    "text", ["5 " + "(" * 5000, "5 USD" * 50_000, "9" * 100_000, "1 usd^999999999", "1e" + "9" * 400, "5 /" * 3000]
)
def test_what_is_too_much_costs_no_time_and_raises_nothing(text):
    found = quantity(text)
    assert found is None or found.unit != (("usd", 1),)
