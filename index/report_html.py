"""The report as one HTML page that asks nothing of any host: style and script stand in it."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from index.report import (
    WORDS,
    DocumentReport,
    Entry,
    Group,
    Verdict,
    counted,
    line,
    named,
    remarks,
)
from index.words import squeeze

STYLE = """
:root{color-scheme:light dark;--ink:#1d2733;--soft:#5b6776;--line:#d9dfe6;--card:#fff;
--page:#f4f6f8;--holds:#1a7f4b;--differs:#b42318;--rounding:#8a6100;--unchecked:#4a5a70}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf1;--soft:#9aa7b6;--line:#333d49;--card:#1c242d;
--page:#12181f;--holds:#58c98f;--differs:#ff8a80;--rounding:#e6bd5a;--unchecked:#a9b8cb}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
font:15px/1.65 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 20px 64px}
h1{font-size:24px;margin:0 0 4px}h2{font-size:19px;margin:0;overflow-wrap:anywhere}
p{margin:4px 0}.soft{color:var(--soft)}
.tools{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;
padding:10px 0;background:var(--page);border-bottom:1px solid var(--line)}
.tools label{display:inline-flex;gap:5px;align-items:center;white-space:nowrap}
.tools input[type=search]{flex:1 1 200px;min-width:0;padding:6px 10px;font:inherit;color:inherit;
background:var(--card);border:1px solid var(--line);border-radius:8px}
section{margin-top:22px;padding:18px 20px;background:var(--card);border:1px solid var(--line);
border-radius:12px}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:10px;margin:14px 0}
.tile{padding:8px 12px;border:1px solid var(--line);border-left:4px solid;border-radius:8px}
.tile b{display:block;font-size:22px;line-height:1.3}.tile span{color:var(--ink)}
.holds{--tone:var(--holds)}.differs{--tone:var(--differs)}
.rounding{--tone:var(--rounding)}.unchecked{--tone:var(--unchecked)}
.tile,.badge{color:var(--tone)}
.remarks{margin:10px 0;padding:8px 12px 8px 30px;border:1px solid var(--line);border-radius:8px}
.remarks li{overflow-wrap:anywhere}
details{border-top:1px solid var(--line)}
summary{padding:10px 0;cursor:pointer;font-weight:600}
summary span{margin-left:10px;font-weight:400;color:var(--soft)}
ol{margin:0 0 12px;padding:0;list-style:none}
ol li{display:grid;grid-template-columns:52px 1fr;gap:2px 10px;padding:8px 0;
border-top:1px dashed var(--line)}
ol li>div{min-width:0;overflow-wrap:anywhere}
.badge{height:1.65em;text-align:center;border:1px solid;border-radius:6px;font-size:13px}
.sum{font-family:ui-monospace,Consolas,monospace;font-size:13.5px;color:var(--soft)}
.by{color:var(--tone);font-weight:600;white-space:nowrap}
.note{padding-left:10px;border-left:3px solid var(--line)}
.none{display:none}
body:has(#show-holds:not(:checked)) li.holds,body:has(#show-differs:not(:checked)) li.differs,
body:has(#show-rounding:not(:checked)) li.rounding,
body:has(#show-unchecked:not(:checked)) li.unchecked{display:none}
@media(max-width:640px){main{padding:16px 12px 48px}section{padding:14px}
.tiles{grid-template-columns:repeat(2,1fr)}ol li{grid-template-columns:1fr}.badge{width:52px}
summary span{display:block;margin-left:0}}
@media print{.tools{display:none}section{break-inside:auto;border:0;padding:0}}
"""

SCRIPT = """
const box=document.getElementById("words");
const boxes=[...document.querySelectorAll(".tools input[type=checkbox]")];
function filter(){
const words=box.value.trim().toLowerCase().split(/\\s+/).filter(Boolean);
const shown=new Set(boxes.filter(one=>one.checked).map(one=>one.id.slice(5)));
for(const group of document.querySelectorAll("details")){
let left=0;
for(const item of group.querySelectorAll("li")){
const text=item.textContent.toLowerCase();
const fits=shown.has(item.className.split(" ")[0])&&words.every(word=>text.includes(word));
item.classList.toggle("none",!fits);left+=fits;}
group.classList.toggle("none",!left);
if(words.length&&left)group.open=true;}}
for(const one of [box,...boxes])one.addEventListener("input",filter);
box.parentElement.hidden=false;
"""


def page_of(reports: Sequence[DocumentReport]) -> str:
    """The whole page. Texts of documents stand in it as text."""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    body = "\n".join(part for report in reports for part in _document(report))
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>勾稽关系核对报告</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>勾稽关系核对报告</h1>\n{_preface(reports)}\n{_tools()}\n{body}\n</main>\n"
        f"<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _preface(reports: Sequence[DocumentReport]) -> str:
    sums = {verdict: sum(report.counts[verdict] for report in reports) for verdict in WORDS}
    told = counted(sums, all_kinds=True)
    return (
        f'<p class="soft">{len(reports)} 份文件：{told}。'
        "尾差：相差不超过各数四舍五入所能造成的；未核：无法核对，原因写在各条里。</p>"
    )


def _tools() -> str:
    boxes = "".join(
        f'<label class="{verdict}"><input type="checkbox" id="show-{verdict}" checked>'
        f'<span class="by">{word}</span></label>'
        for verdict, word in WORDS.items()
    )
    search = (
        '<label hidden style="flex:1 1 200px"><input type="search" id="words" '
        'placeholder="筛选：表名、科目、行号……" aria-label="筛选"></label>'
    )
    return f'<div class="tools">{boxes}{search}</div>'


def _document(report: DocumentReport) -> Iterator[str]:
    stored = report.stored
    yield f"<section>\n<h2>{_text(stored.document)}</h2>"
    told = named(stored)
    if squeeze(told) != squeeze(stored.title):
        told = f"{told}　{stored.title}"
    yield f'<p class="soft">{_text(told)}</p>'
    yield f'<div class="tiles">{"".join(_tile(*item) for item in report.counts.items())}</div>'
    notes = "".join(f"<li>{_text(remark)}</li>" for remark in remarks(report))
    if notes:
        yield f'<ul class="remarks">{notes}</ul>'
    for group in report.groups:
        yield from _group(group)
    yield "</section>"


def _tile(verdict: Verdict, count: int) -> str:
    return f'<div class="tile {verdict}"><b>{count}</b><span>{WORDS[verdict]}</span></div>'


def _group(group: Group) -> Iterable[str]:
    opened = " open" if group.counts[Verdict.DIFFERS] else ""
    items = "\n".join(map(_item, group.entries))
    yield (
        f"<details{opened}><summary>{_text(group.title)}<span>{counted(group.counts)}</span>"
        f"</summary>\n<ol>\n{items}\n</ol></details>"
    )


def _item(entry: Entry) -> str:
    by = f' <span class="by">差 {_text(entry.difference)}</span>' if entry.difference else ""
    parts = [f"<div>{_text(entry.what)}{by}</div>"]
    if entry.expression:
        parts.append(f'<div class="sum">{_text(entry.expression)}</div>')
    parts += [f'<div class="note">{_text(note)}</div>' for note in entry.notes]
    badge = f'<span class="badge">{WORDS[entry.verdict]}</span>'
    return f'<li class="{entry.verdict}">{badge}<div>{"".join(parts)}</div></li>'


def _text(text: str) -> str:
    return escape(line(text))
