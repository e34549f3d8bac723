"""Sphinx settings."""

import callotasis

project = "Callotasis"
author = "the Callotasis authors"
copyright = "2026, the Callotasis authors"
release = callotasis.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "numpydoc",
    "sphinxcontrib.bibtex",
]
bibtex_bibfiles = ["references.bib"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
numpydoc_show_class_members = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
exclude_patterns = ["_build"]
suppress_warnings = ["myst.xref_missing"]
html_theme = "furo"
html_title = "Callotasis"
html_theme_options = {
    "announcement": "Research and education, not a medical device.",
    "light_css_variables": {"color-brand-primary": "#0072B2"},
}
