"""Texts as they come from a clipboard and a cat on the keyboard."""

_WORDS = r"""
\frac \sum_{i} { } ^ _ ( ) [ ] | \| = \\ & d \partial ' + - / @ ** .T \begin{bmatrix} \end{bmatrix} \dots $ x X 1 0
\nabla_w \left \operatorname{tr} \hat \mathbf sum( grad( , ; : é ∂ Σ 9999999999 % # ~ \newcommand{\a}{\a}\a
\mathrm \implies := <script> \text{if}
"""
PIECES = [*_WORDS.split(), "\x00", "\n", "\t", " "]


def damaged(text, rng):
    """Truncated, with a hole, with pieces put in, or noise."""
    kind = rng.random()
    if kind < 0.3:
        return text[: rng.randrange(len(text) + 1)]
    if kind < 0.5:
        start = rng.randrange(len(text) + 1)
        return text[:start] + text[rng.randrange(start, len(text) + 1) :]
    if kind < 0.8:
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(text) + 1)
            text = text[:place] + rng.choice(PIECES) + text[place:]
        return text
    if kind < 0.9:
        return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 25)))
    return "".join(chr(rng.randrange(32, 0x2FF)) for _ in range(rng.randint(1, 40)))
