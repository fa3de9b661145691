"""Twice the precision: every transformation is without error, by exact rational arithmetic."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcore._exact import extended
from lrcore._exact.extended import Pair
from lrcore._fast import blocks

ULP = np.finfo(float).eps
moderate = st.floats(-1e100, 1e100).filter(lambda a: a == 0 or abs(a) > 1e-100)


def exact(value):
    return Fraction(float(value.high)) + Fraction(float(value.low))


@given(moderate, moderate)
def test_a_sum_and_its_error_are_the_exact_sum(a, b):
    assert exact(extended.two_sum(a, b)) == Fraction(a) + Fraction(b)
    large, small = sorted((a, b), key=abs, reverse=True)
    assert exact(extended.fast_two_sum(large, small)) == Fraction(a) + Fraction(b)


@given(moderate, moderate)
def test_a_product_and_its_error_are_the_exact_product(a, b):
    assert exact(extended.two_product(a, b)) == Fraction(a) * Fraction(b)


@given(moderate)
def test_both_halves_of_a_split_have_products_without_error(a):
    high, low = extended.split(a)
    assert high + low == a and Fraction(high) * Fraction(high) == Fraction(high * high)
    assert Fraction(low) * Fraction(low) == Fraction(low * low)


@given(moderate, moderate, moderate)
def test_sums_and_multiples_of_pairs_have_thirty_digits(a, b, c):
    x, y = extended.two_product(a, b), extended.two_sum(b, c)
    for got, wanted in ((extended.add(x, y), exact(x) + exact(y)), (extended.times(y, a), exact(y) * Fraction(a))):
        size = abs(exact(x)) + abs(exact(y)) if wanted == exact(x) + exact(y) else abs(wanted)
        assert abs(exact(got) - wanted) <= size * Fraction(1, 10**30)


@given(st.integers(0, 10**6), st.integers(1, 3))
def test_a_product_of_matrices_is_as_exact_as_its_parts_are_many(seed, count):
    random = np.random.default_rng(seed)
    A = random.uniform(-1, 1, (6, 4)) * 2.0 ** random.integers(-30, 1, (6, 4))
    B = Pair(random.normal(size=(4, 2)), random.normal(size=(4, 2)) * 1e-17)
    got = extended.product(extended.parts(A, extended.bits(6), count), B, extended.bits(6))
    for i, j in np.ndindex(6, 2):
        terms = (Fraction(A[i, k]) * (Fraction(B.high[k, j]) + Fraction(B.low[k, j])) for k in range(4))
        error = abs(exact(Pair(got.high[i, j], got.low[i, j])) - sum(terms))
        assert error <= {1: 1e-21, 2: 1e-27, 3: 1e-31}[count]


@given(st.integers(0, 10**6))
def test_a_product_keeps_what_is_below_twice_the_precision_where_the_large_parts_cancel(seed):
    random = np.random.default_rng(seed)
    a, high, low = random.uniform(-1, 1, (6, 1)), random.normal(), random.normal() * 1e-17
    lower = low * (1 + ULP)
    A, B = np.hstack([a, -a]), Pair(np.array([[high], [high]]), np.array([[low], [lower]]))
    got = extended.product(extended.parts(A, extended.bits(6), 5), B, extended.bits(6))
    for i in range(6):
        wanted = Fraction(a[i, 0]) * (Fraction(low) - Fraction(lower))
        assert abs(exact(Pair(got.high[i, 0], got.low[i, 0])) - wanted) <= abs(wanted) * Fraction(1, 10**9)


@given(st.integers(0, 10**6))
def test_columns_of_far_different_size_keep_their_digits(seed):
    random = np.random.default_rng(seed)
    size = 2.0 ** random.integers(-200, 200, 3)
    A, B = random.uniform(-1, 1, (6, 3)) * size, random.normal(size=(3, 2)) / size[:, None]
    got = extended.product(extended.parts(A, extended.bits(6), 3, size), extended.pair(B), extended.bits(6), size)
    for i, j in np.ndindex(6, 2):
        wanted = sum(Fraction(A[i, k]) * Fraction(B[k, j]) for k in range(3))
        assert abs(exact(Pair(got.high[i, j], got.low[i, j])) - wanted) <= 1e-31


@given(st.integers(0, 10**6))
def test_heads_and_what_is_left_add_up_and_products_of_heads_have_no_error(seed):
    random = np.random.default_rng(seed)
    A, bits = random.uniform(-1, 1, (40, 5)), extended.bits(40)
    heads, tails = extended.parts(A, bits, 2)
    assert (heads[0] + heads[1] + tails[2] == A).all()
    got, wanted = heads[0].T @ heads[1], np.vectorize(Fraction)(heads[0]).T @ np.vectorize(Fraction)(heads[1])
    assert all(Fraction(g) == w for g, w in zip(got.ravel(), wanted.ravel(), strict=True))


def test_the_power_above_is_a_power_of_two_that_no_entry_exceeds():
    A = np.array([[0.0, 1.0, -3.0, 1e-310, 1.7e308], [0.0, -0.5, 2.0, 0.0, 0.0]])
    assert extended.power_above(A).tolist()[:3] == [1.0, 2.0, 4.0]
    assert (extended.power_above(A)[:4] >= np.abs(A).max(axis=0)[:4]).all()


def test_blocks_cover_every_row_once_and_fit_the_cache():
    for N, size in ((10, 3), (9, 3), (1, 5), (64, 64)):
        spans = list(blocks.spans(N, size))
        assert sum(span.stop - span.start for span in spans) == N and spans[0].start == 0 and spans[-1].stop == N
        assert all(one.stop == other.start for one, other in pairwise(spans))
    assert 1 << 16 <= blocks.cache_bytes() <= 1 << 28
    assert blocks.rows(8 * 20) * 8 * 20 <= blocks.cache_bytes() and blocks.rows(1 << 40) == 16


def test_without_a_system_that_tells_the_cache_has_a_default(monkeypatch):
    monkeypatch.setattr(blocks, "_size_of", lambda level: 0)
    blocks.cache_bytes.cache_clear()
    blocks.shared_bytes.cache_clear()
    assert (blocks.cache_bytes(), blocks.shared_bytes()) == (1 << 20, 8 << 20)
    monkeypatch.setattr(blocks, "_size_of", lambda level: 1 << (10 * level))
    blocks.cache_bytes.cache_clear()
    blocks.shared_bytes.cache_clear()
    assert (blocks.cache_bytes(), blocks.shared_bytes()) == (1 << 20, 32 << 20)
    blocks.cache_bytes.cache_clear()
    blocks.shared_bytes.cache_clear()


@pytest.mark.parametrize(("N", "D"), [(1, 5), (7, 3), (5_000, 2), (3_000, 7), (9, 2_000), (20_000, None)])
def test_a_row_is_added_to_every_row(N, D):
    random, tail = np.random.default_rng(0), () if D is None else (D,)
    R, b = random.normal(size=(N, *tail)), random.normal(size=tail)
    for row in (b, 2.5):
        got = R.copy()
        blocks.add_to_rows(got, blocks.long_row(row, N, D or 1))
        assert np.array_equal(got, R + row)
