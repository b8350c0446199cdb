#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints tests/unit/lib/ed25519_vectors.h: signatures at the edges of the Ed25519 rule.

Each is made from the curve's arithmetic (RFC 8032 section 5.1), with what each looser rule would say
beside it, so that a case is known to be one that a looser verifier accepts.
"""
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2
    return ((x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P)


def mul(n, a):
    r = (0, 1)
    while n:
        if n & 1:
            r = add(r, a)
        a, n = add(a, a), n >> 1
    return r


def x_of(y, sign):
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * ROOT % P
    if (x * x - xx) % P:
        return None
    return x if x & 1 == sign else (P - x) % P


def enc(a):
    return (a[1] | (a[0] & 1) << 255).to_bytes(32, 'little')


def digest(r, a, m):
    return int.from_bytes(hashlib.sha512(r + a + m).digest(), 'little') % L


B = (x_of(4 * pow(5, -1, P) % P, 0), 4 * pow(5, -1, P) % P)
# A point of order 8: any point times L that has it.
T8 = next(t for y in range(2, 99) if x_of(y, 0) is not None
          for t in [mul(L, (x_of(y, 0), y))] if mul(4, t) != (0, 1))
ORDER8 = [mul(i, T8) for i in range(8)]
SECRET = 0x1234567890abcdef1234567890abcdef1234567890abcdef % L
NONCE = 0xfedcba0987654321fedcba0987654321 % L


def sign(a_bytes, r_point, s_of, wanted):
    """The first message "N" whose challenge h meets wanted(h); s_of(h) is S."""
    for n in range(100000):
        m = str(n).encode()
        h = digest(enc(r_point), a_bytes, m)
        if wanted(h):
            return a_bytes, enc(r_point) + s_of(h).to_bytes(32, 'little'), m
    raise SystemExit('no message found')


def rows():
    a = mul(SECRET, B)
    honest = sign(enc(a), mul(NONCE, B), lambda h: (NONCE + h * SECRET) % L, lambda h: True)
    yield ('an honest signature', *honest, True)
    s = int.from_bytes(honest[1][32:], 'little')
    yield ('S + L', honest[0], honest[1][:32] + (s + L).to_bytes(32, 'little'), honest[2], False)
    yield ('S + 8 L', honest[0], honest[1][:32] + (s + 8 * L).to_bytes(32, 'little'), honest[2], False)
    yield ('S = L', enc(a), enc(add(mul(L, B), mul(5, B))) + L.to_bytes(32, 'little'), b'', False)
    for i, t in enumerate(ORDER8):
        yield (f'small-order A {i}, R = [S]B', *sign(enc(t), mul(NONCE, B), lambda h: NONCE, lambda h: h % 8 == 0), False)
        yield (f'small-order A {i} and R', *sign(enc(t), ORDER8[0], lambda h: 0, lambda h: h % 8 == 0), False)
    yield ('A the identity written as p + 1', *sign((P + 1).to_bytes(32, 'little'), mul(NONCE, B), lambda h: NONCE, lambda h: True), False)
    yield ('A the identity with its sign bit', *sign((1 | 1 << 255).to_bytes(32, 'little'), mul(NONCE, B), lambda h: NONCE, lambda h: True), False)
    yield ('R the identity, S = h a', *sign(enc(a), ORDER8[0], lambda h: h * SECRET % L, lambda h: True), False)
    mixed = add(a, T8)
    for i in range(1, 8):
        yield (f'mixed-order A, small-order R {i}', *sign(enc(mixed), ORDER8[i], lambda h: h * SECRET % L,
               lambda h, i=i: (h + i) % 8 == 0), False)
    yield ('mixed-order A, torsion cancels', *sign(enc(mixed), mul(NONCE, B), lambda h: (NONCE + h * SECRET) % L, lambda h: h % 8 == 0), True)
    yield ('mixed-order A, holds with the cofactor alone', *sign(enc(mixed), mul(NONCE, B), lambda h: (NONCE + h * SECRET) % L, lambda h: h % 8 == 3), False)
    yield ('mixed-order R, holds with the cofactor alone', *sign(enc(a), add(mul(NONCE, B), T8), lambda h: (NONCE + h * SECRET) % L, lambda h: True), False)
    yield ('mixed-order A and R that cancel', *sign(enc(mixed), add(mul(NONCE, B), ORDER8[5]), lambda h: (NONCE + h * SECRET) % L, lambda h: (h + 5) % 8 == 0), True)
    for y in range(19):
        for sign_bit in (0, 1):
            key = ((P + y) | sign_bit << 255).to_bytes(32, 'little')
            if x_of(y, sign_bit) is not None:
                yield (f'A written as p + {y}, sign {sign_bit}', key, honest[1], honest[2], False)
                yield (f'R written as p + {y}, sign {sign_bit}', honest[0], key + honest[1][32:], honest[2], False)
    off = next(y for y in range(2, 99) if x_of(y, 0) is None)
    yield ('A not on the curve', off.to_bytes(32, 'little'), honest[1], honest[2], False)


print('/* SPDX-License-Identifier: Apache-2.0 */')
print('/* Made by tests/tools/ed25519_vectors.py. */')
print('#pragma once\n')
print('static const struct {\n\tconst char *about, *key, *signature, *message;\n\tint valid;\n} edges[] = {')
for about, key, sig, message, valid in rows():
    print(f'\t{{ "{about}",\n\t    "{key.hex()}",\n\t    "{sig[:32].hex()}"\n\t    "{sig[32:].hex()}",\n\t    "{message.decode()}", {int(valid)} }},')
print('};')
