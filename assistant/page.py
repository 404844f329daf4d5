"""The chat page: questions at the left, the printed table of a source at the right.

`build` lays the page out and wires it to a `Desk`; `launch` serves it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.desk import ADD, Asker, Desk, Session, Turn
from assistant.panel import hint_html
from assistant.render import ASK, LANGUAGES, Words, plain, render, words_of

CSS = Path(__file__).parent / "page.css"
AT_ONCE = 8
"""Questions answered side by side; each takes well under a second."""
FORGET = 12 * 3600
"""Seconds after which a conversation left alone is dropped."""
FEW_DOCUMENTS = 3
LANGUAGE_NAMES = (("简体", "zh"), ("繁體", "zh-Hant"), ("English", "en"))

FONT = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "system-ui", "sans-serif"]
"""Fonts that are there already: a page without a network loads none."""

RELAY = """
window.budget = window.budget || {};
window.budget.trigger = trigger;
if (!window.budget.listens) {
  window.budget.listens = true;
  document.addEventListener('click', (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#cite-"], a[href="#ask"]');
    if (!link) return;
    event.preventDefault();
    const target = link.getAttribute('href');
    if (target === '#ask') window.budget.trigger('submit', { question: link.textContent });
    else window.budget.trigger('select', { cite: target.slice('#cite-'.length) });
  });
}
window.budget.show = (travel) => setTimeout(() => {
  const panel = document.querySelector('#evidence');
  const shown = panel && panel.querySelector('.evidence');
  if (!shown) return;
  const box = shown.querySelector('.ev-box');
  const mark = box && (box.querySelector('.cell-mark') || box.querySelector('.row-mark'));
  if (mark) {
    const [inner, outer] = [mark.getBoundingClientRect(), box.getBoundingClientRect()];
    box.scrollTop += inner.top - outer.top - (outer.height - Math.min(inner.height, 40)) / 2;
    box.scrollLeft = Math.max(0, box.scrollLeft + inner.right - outer.right + 2);
  }
  if (travel && panel.getBoundingClientRect().top > window.innerHeight - 160)
    panel.scrollIntoView({ block: 'start' });
}, 80);
"""
"""A source's link becomes an event, whichever answer it stands under: Gradio's own `options`
buttons live only under the last one. `show` brings the marked cell to the middle of its box, no
farther sideways than it must so that the row's label stays in sight, and (`travel`) the panel
into view where it stands below the chat."""

PANEL = "watch('value', () => window.budget && window.budget.show(false));"
SHOW = "() => window.budget.show(false)"
TRAVEL = "() => window.budget.show(true)"
Update = Any
"""What Gradio takes for a component: a value, or `gr.update(...)`."""

SPEAK = "(language) => { document.documentElement.lang = language; }"


# ---------------------------------------------------------------------------- what is shown


def messages(session: Session | None) -> list[dict[str, str]]:
    """The conversation as the chat takes it."""
    said: list[dict[str, str]] = []
    for at, turn in enumerate(session.turns if session else ()):
        said.append({"role": "user", "content": plain(turn.question)})
        said.append({"role": "assistant", "content": reply(session, at, turn)})
    return said


def reply(session: Session | None, at: int, turn: Turn) -> str:
    if turn.answer is not None:
        return render(turn.answer, at)
    return turn.said or f"*{words_of(session.language if session else 'zh').looking}*"


def head_html(words: Words, titles: tuple[str, ...]) -> str:
    """Name, promise, and which documents are indexed."""
    named = [f"<b>{escape(title)}</b>" for title in titles[:FEW_DOCUMENTS]]
    if more := titles[FEW_DOCUMENTS:]:
        named.append(words.more_documents.format(count=len(more)))
    known = words.documents.format(count=len(titles), titles=words.comma.join(named))
    known = known if titles else words.empty_title
    return (
        f'<h1 class="title">{words.title}</h1><p class="tagline">{words.tagline}</p>'
        f'<p class="documents">{known}</p>'
    )


def welcome(
    words: Words, titles: tuple[str, ...], examples: tuple[str, ...], add: str = ADD
) -> str:
    """Markdown of an empty chat: example questions, or how to add a budget."""
    if not titles:
        return f"### {words.empty_title}\n\n{words.empty_body}\n\n```\n{add}\n```"
    links = "\n".join(f"- [{plain(example)}]({ASK})" for example in examples)
    return f"### {words.welcome}" + (f"\n\n{words.try_one}\n\n{links}" if links else "")


# --------------------------------------------------------------------------------- the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The page's components."""

    head: gr.HTML
    language: gr.Radio
    fresh: gr.Button
    chat: gr.Chatbot
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    panel: gr.HTML
    relay: gr.HTML
    session: gr.State


def build(find: Callable[[], Asker | None], add: str = ADD) -> gr.Blocks:
    """The page over the assistant that `find` opens. While that is None, nothing being indexed,
    the page says that the command `add` adds a budget."""
    desk = Desk(find, add)
    page = gr.Blocks(title=words_of("zh").title, analytics_enabled=False, fill_width=True)
    with page:
        parts = lay_out(words_of("zh"))
        wire_questions(parts, desk)
        wire_sources(parts, desk)
        wire_language(page, parts, desk)
    return page


def lay_out(words: Words) -> Parts:
    """Header; chat and question box; the panel beside them (below, on a small screen)."""
    with gr.Row(elem_id="header"):
        head = gr.HTML(elem_id="head", apply_default_css=False)
        with gr.Row(elem_id="tools"):
            language = gr.Radio(
                list(LANGUAGE_NAMES), value="zh", label=words.language, elem_id="language"
            )
            fresh = gr.Button(words.new_chat, size="sm", elem_id="new")
    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="left", scale=1, min_width=320):
            chat, box, send, stop = lay_out_chat(words)
        with gr.Column(elem_id="right", scale=1, min_width=320):
            panel = gr.HTML(
                hint_html(words.evidence_hint),
                elem_id="evidence",
                apply_default_css=False,
                js_on_load=PANEL,
            )
    return Parts(
        head=head,
        language=language,
        fresh=fresh,
        chat=chat,
        box=box,
        send=send,
        stop=stop,
        panel=panel,
        relay=gr.HTML("", js_on_load=RELAY, elem_id="relay", visible="hidden"),
        session=gr.State(None, time_to_live=FORGET),
    )


def lay_out_chat(words: Words) -> tuple[gr.Chatbot, gr.Textbox, gr.Button, gr.Button]:
    chat = gr.Chatbot(
        label=words.chat,
        show_label=False,
        elem_id="chat",
        height="100%",
        latex_delimiters=[],
        buttons=[],
        allow_tags=False,
        feedback_options=None,
    )
    with gr.Row(elem_id="ask"):
        box = gr.Textbox(
            label=words.question,
            placeholder=words.placeholder,
            lines=1,
            max_lines=4,
            autofocus=True,
            elem_id="question",
            scale=1,
        )
        send = gr.Button(words.send, variant="primary", elem_id="send", min_width=72, scale=0)
        stop = gr.Button(
            words.stop, variant="stop", elem_id="stop", min_width=72, scale=0, visible=False
        )
    return chat, box, send, stop


def wire_questions(parts: Parts, desk: Desk) -> None:
    """Typing, example questions and suggestions ask; 停止 and 新对话 leave off."""

    def ask(question: str, session: Session | None, language: str) -> Iterator[tuple[Update, ...]]:
        yield from conversation(desk, question, session, language)

    def ask_linked(
        event: gr.EventData, session: Session | None, language: str
    ) -> Iterator[tuple[Update, ...]]:
        yield from conversation(desk, str(event._data.get("question", "")), session, language)

    shown = [parts.chat, parts.session, parts.box, parts.send, parts.stop, parts.panel]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    # "multiple": an event that was cancelled counts as running for ever, and "once" then swallows
    # every later question. A question sent twice is caught in `conversation`.
    at_once: dict[str, Any] = {"concurrency_limit": AT_ONCE, "trigger_mode": "multiple"}
    asked = (
        gr.on(
            [parts.box.submit, parts.send.click],
            ask,
            [parts.box, parts.session, parts.language],
            shown,
            **at_once,
            **quiet,
        ),
        parts.relay.submit(
            ask_linked,
            [parts.session, parts.language],
            shown,
            **at_once,
            **quiet,
        ),
    )
    for event in asked:
        event.then(fn=None, js=SHOW)
    halt: dict[str, Any] = {"cancels": list(asked), "outputs": shown, **quiet}
    parts.stop.click(
        lambda session, language: stopped(desk, session, language),
        [parts.session, parts.language],
        **halt,
    )
    gr.on(
        [parts.fresh.click, parts.chat.clear],
        lambda language: begun(language),
        [parts.language],
        **halt,
    )


def conversation(
    desk: Desk, question: str, session: Session | None, language: str
) -> Iterator[tuple[Update, ...]]:
    """What the page shows while a question is answered, and then."""
    session, question = desk.session(session, language), question.strip()
    if session is None or not question or session.asks(question):
        yield (gr.skip(),) * 6
        return
    turn = Turn(question=question)
    session.turns.append(turn)
    yield (
        messages(session),
        session,
        "",
        gr.update(visible=False),
        gr.update(visible=True),
        gr.skip(),
    )
    desk.answer(session, turn)
    yield idle(session, desk.panel(session, language))


def idle(session: Session | None, panel: Update, box: Update = None) -> tuple[Update, ...]:
    """The page with no question running."""
    keep = gr.skip() if box is None else box
    return (
        messages(session),
        session,
        keep,
        gr.update(visible=True),
        gr.update(visible=False),
        panel,
    )


def stopped(desk: Desk, session: Session | None, language: str) -> tuple[Update, ...]:
    for turn in session.turns if session else ():
        if turn.waiting:
            turn.said = words_of(language).stopped
    return idle(session, gr.skip())


def begun(language: str) -> tuple[Update, ...]:
    """An empty conversation; the old one and its sources are forgotten."""
    return idle(None, hint_html(words_of(language).evidence_hint), "")


def wire_sources(parts: Parts, desk: Desk) -> None:
    """A click on a source opens it in the panel."""

    def open_source(event: gr.EventData, session: Session | None, language: str) -> str:
        if session is None:
            return hint_html(words_of(language).expired)
        session.open = str(event._data.get("cite", ""))
        return desk.panel(session, language)

    parts.relay.select(
        open_source,
        [parts.session, parts.language],
        parts.panel,
        show_progress="hidden",
        concurrency_limit=AT_ONCE,
        # The default drops a click made while the source before it still loads.
        trigger_mode="multiple",
        api_visibility="private",
    ).then(fn=None, js=TRAVEL)


def wire_language(page: gr.Blocks, parts: Parts, desk: Desk) -> None:
    """`?lang=en` at the first visit, the switch afterwards."""

    def visit(request: gr.Request) -> tuple[Update, ...]:
        asked = request.query_params.get("lang", "")
        language = asked if asked in LANGUAGES else LANGUAGES[0]
        return (language, *worded(desk, None, language))

    def switch(language: str, session: Session | None) -> tuple[Update, ...]:
        return worded(desk, session, language)

    named = [parts.head, parts.chat, parts.box, parts.send, parts.stop, parts.fresh, parts.panel]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    page.load(visit, None, [parts.language, *named], **quiet).then(
        fn=None, inputs=parts.language, js=SPEAK
    )
    parts.language.input(switch, [parts.language, parts.session], named, **quiet).then(
        fn=None, inputs=parts.language, js=SPEAK
    ).then(fn=None, js=SHOW)


def worded(desk: Desk, session: Session | None, language: str) -> tuple[Update, ...]:
    """Everything that is said, in the language."""
    words = words_of(language)
    titles = desk.titles()
    placeholder = welcome(words, titles, desk.examples(language), desk.add)
    return (
        head_html(words, titles),
        gr.update(label=words.chat, placeholder=placeholder),
        gr.update(label=words.question, placeholder=words.placeholder),
        words.send,
        words.stop,
        words.new_chat,
        desk.panel(session, language),
    )


def launch(page: gr.Blocks, **options: Any) -> None:
    """Serves the page with its looks; `options` are those of `Blocks.launch`."""
    page.queue(default_concurrency_limit=AT_ONCE)
    theme = gr.themes.Base(font=FONT, primary_hue="blue", neutral_hue="slate").set(
        # The theme's own blue is too light to read white letters on (3.7:1).
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
    )
    page.launch(
        theme=theme,
        css=CSS.read_text("utf-8"),
        footer_links=[],
        share=False,
        ssr_mode=False,
        enable_monitoring=False,
        **options,
    )
