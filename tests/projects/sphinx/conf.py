project = "Notes on least squares"
extensions = ["sphinx.ext.mathjax", "lrcore.sphinx"]
html_theme = "alabaster"
exclude_patterns = ["_build"]
mathjax3_config = {"tex": {"macros": {"norm": [r"\left\|#1\right\|", 1]}}}
