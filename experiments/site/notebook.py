"""The notebook run cell by cell, and what its cells print and draw as a page."""

import base64
import contextlib
import io
import re
from html import escape
from pathlib import Path

NOTEBOOK = Path(__file__).parent / "pages" / "first_answers.py"
CELL = re.compile(r"^# %%(.*)$", re.MULTILINE)


def cells(path=NOTEBOOK):
    """`[(is Markdown, text)]` of a file in the percent format of jupytext."""
    _, *parts = CELL.split(path.read_text(encoding="utf-8"))
    marks, texts = parts[::2], parts[1::2]
    return [
        ("[markdown]" in mark, _uncommented(text) if "[markdown]" in mark else text.strip())
        for mark, text in zip(marks, texts, strict=True)
    ]


def run_notebook(path=NOTEBOOK):
    """`[(is Markdown, text, what it printed, PNGs that it drew)]`, cells run one after another in one namespace."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.close("all")  # what was drawn elsewhere is not the notebook's
    names, found = {"__name__": "notebook"}, []
    for is_markdown, text in cells(path):
        printed = io.StringIO()
        if not is_markdown:
            with contextlib.redirect_stdout(printed):
                exec(compile(text, str(path), "exec"), names)
        found.append((is_markdown, text, printed.getvalue(), [_png(plt.figure(n)) for n in plt.get_fignums()]))
        plt.close("all")
    return found


def notebook_as_html():
    """The notebook as a page, run now."""
    from pdoc.render_helpers import to_html

    parts = []
    for is_markdown, text, printed, figures in run_notebook():
        parts.append(to_html(text) if is_markdown else to_html(f"```python\n{text}\n```"))
        if printed:
            parts.append(f'<pre class="output">{escape(printed)}</pre>')
        parts += [
            f'<p class="output"><img alt="What the cell above draws" src="data:image/png;base64,{png}"></p>'
            for png in figures
        ]
    return "\n".join(parts)


def _uncommented(text):
    return re.sub(r"^# ?", "", text.strip(), flags=re.MULTILINE)


def _png(figure):
    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=110)
    return base64.b64encode(image.getvalue()).decode()
