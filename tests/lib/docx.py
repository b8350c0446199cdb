# SPDX-License-Identifier: Apache-2.0
"""DOCX documents out of simple Markdown: headings, lists, tables, code, paragraphs. Runs are split so that marks lie across them."""
import io
import re
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STYLES = f"""<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Quelltext"><w:name w:val="Source Code"/></w:style></w:styles>"""


def run(text):
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text, properties=""):
    parts = [text[i:i + 7] for i in range(0, len(text), 7)]
    return f"<w:p>{'<w:pPr>' + properties + '</w:pPr>' if properties else ''}{''.join(map(run, parts))}</w:p>"


def table(rows):
    cells = ["".join(f"<w:tc>{paragraph(cell.strip())}</w:tc>" for cell in row.strip("|").split("|")) for row in rows]
    return f"<w:tbl>{''.join('<w:tr>' + c + '</w:tr>' for c in cells)}</w:tbl>"


def body(markdown):
    for block in re.split(r"\n\n+", markdown.strip()):
        lines = block.split("\n")
        if lines[0].startswith("```"):
            yield from (paragraph(line, '<w:pStyle w:val="Quelltext"/>') for line in lines[1:-1])
        elif lines[0].startswith("#"):
            yield paragraph(lines[0].lstrip("# "), '<w:pStyle w:val="berschrift1"/>')
        elif lines[0].startswith("|"):
            yield table([lines[0], *lines[2:]])
        elif re.match(r"- |\d+\. ", lines[0]):
            yield from (paragraph(re.sub(r"^(- |\d+\. )", "", line), "<w:numPr/>") for line in lines)
        else:
            yield paragraph(" ".join(lines).replace("`", ""))


def package(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in members:
            z.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def relationships(rows):
    return f'<Relationships xmlns="{PACKAGE}relationships">' + "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(rows)) + "</Relationships>"


def document(inner):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>'


def members(xml, more=()):
    return [("[Content_Types].xml", f'<Types xmlns="{PACKAGE}content-types"/>'),
            ("_rels/.rels", relationships([("officeDocument", "word/document.xml")])),
            ("word/_rels/document.xml.rels", relationships([("styles", "styles.xml")])),
            ("word/styles.xml", STYLES), ("word/document.xml", xml), *more]


def from_markdown(markdown):
    return package(members(document("".join(body(markdown)))))
