"""Other people's notes through the checker: files and folders of Markdown, reStructuredText, TeX, notebooks and Quarto.

``sources`` reads a file as the checker can, each line at its place; ``checking`` decides it and lists what was found,
one finding a step; ``choosing`` says which files are meant, ``known`` what an old book is not asked about again;
``forms`` prints findings for programs, ``proposing`` proposes a table of symbols, and ``command`` is what a terminal
calls.
"""
