"""Small synthetic transcripts of every format, as files that the reader's tests read."""

import io
import json
import zipfile

import docx
import openpyxl

TALK = (
    ("Interviewer", "Hoe ging het op school? (..)"),
    ("Moeder", "Goed, //Interviewer: hm-hm// maar [onverstaanbaar] (lacht) dit is synthetic."),
    ("Interviewer", "En daarna?"),
    ("Moeder", "Toen was het [inaudible] klaar."),
)


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def word(*paragraphs, tables=(), change=None):
    """Make a .docx; a paragraph is a text, or (text, is_bold) runs; change edits its XML."""
    document = docx.Document()
    for paragraph in paragraphs:
        runs = [(paragraph, False)] if isinstance(paragraph, str) else paragraph
        added = document.add_paragraph()
        for text, is_bold in runs:
            run = added.add_run(text)
            if is_bold:
                run.bold = True
    for rows in tables:
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return change_xml(stream.getvalue(), change) if change else stream.getvalue()


def change_xml(content, change, part="word/document.xml"):
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member, change(data) if member.filename == part else data)
    return changed.getvalue()


def workbook(*rows, title="Turns", before=()):
    book = openpyxl.Workbook()
    sheet = book.active
    for name in before:
        sheet.title = name
        sheet = book.create_sheet()
    sheet.title = title
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _clock(seconds):
    return f"00:00:{seconds:02d}"


def _lines(form):
    return "".join(
        form.format(name=name, text=text, start=_clock(5 * n), end=_clock(5 * n + 4), n=n + 1)
        for n, (name, text) in enumerate(TALK)
    )


def _plain(text):
    return text.replace("//Interviewer: hm-hm// ", "")


SEGMENTS = [
    {"start": 5.0 * n, "end": 5.0 * n + 4, "text": f" {text}", "speaker": name}
    for n, (name, text) in enumerate(TALK)
]

# What a format is for a person: a name, the file's name, its content.
SAMPLES = (
    ("Labels with a colon", "colon.txt", "Gesprek 1\n\n" + _lines("{name}: {text}\n\n")),
    ("Short labels I:/P:", "short.txt", _lines("{name}: {text}\n").replace("Interviewer: H", "I: H")
     .replace("Interviewer: E", "I: E").replace("Moeder:", "P:")),
    ("Label on its own line", "alone.txt", _lines("{name}\n{text}\n\n")),
    ("Label in [brackets] or <angles>", "brackets.txt", _lines("[{name}]: {text}\n")),
    ("Label in Markdown bold", "bold.txt", _lines("**{name}:** {text}\n")),
    ("Tab after the label", "tab.txt", _lines("{name}\t{text}\n")),
    ("Time before the label", "time.txt", _lines("[{start}] {name}: {text}\n")),
    ("MAXQDA, time above the label", "maxqda.txt", _lines("{start}\n{name}: {text}\n\n")),
    ("f4, time at the end of a turn", "f4.txt", _lines("{name}: {text} #{end}-0#\n")),
    ("Otter", "otter.txt", "Gesprek\n\nSUMMARY KEYWORDS\nschool\n\nSPEAKERS\nMoeder\n\n"
     
        + _lines("{name}  {start}\n{text}\n\n")
        + "Transcribed by https://otter.ai\n"),
    ("Rev, Descript", "rev.txt", _lines("{name} ({start}):\n{text}\n\n")),
    ("noScribe", "noscribe.txt", "Gesprek\n\nTranscribed with noScribe vers. 0.7\n\n"
     + _lines("{name}: [{start}] {text}\n\n")),
    ("Zoom, tabs", "zoom.txt", _lines("{start}\t{name}\t{text}\n")),
    ("No labels", "none.txt", "\n\n".join(text for _, text in TALK)),
    ("Word, labels in paragraphs", "labels.docx", word(*(f"{n}: {t}" for n, t in TALK))),
    ("Word, table", "table.docx",
     word(tables=[[[_clock(5 * n), *turn] for n, turn in enumerate(TALK)]])),
    ("Teams document", "teams.docx", word("Gesprek", "Interviewer started transcription", *(
        f"{name}   0:{5 * n:02d}\n{text}" for n, (name, text) in enumerate(TALK)),
        "Interviewer stopped transcription")),
    ("Google Meet document", "meet.docx", word(
        "📝 Notes", "Gesprek", "Summary", "Een machine vat samen.", "Details", "Meer daarvan.",
        "📖 Transcript", "Gesprek - Transcript", "00:00:11", *(f"{n}: {t}" for n, t in TALK),
        "Transcription ended after 00:00:39")),
    ("Zoom captions", "zoom.vtt", "WEBVTT\n\n"
     + _lines("{n}\n{start}.000 --> {end}.000\n{name}: {text}\n\n")),
    ("Teams captions", "teams.vtt", "WEBVTT\n\n"
     + _lines("{start}.0 --> {end}.0\n<v {name}>{text}</v>\n\n").replace("00:00:", "0:0:")),
    ("Webex captions", "webex.vtt", "WEBVTT\n\n"
     + _lines('{n} "{name}" (123)\n{start}.000 --> {end}.000\n{text}\n\n')),
    ("noScribe captions", "noscribe.vtt", "WEBVTT Gesprek\n\nNOTE\nTranscribed with noScribe\n\n"
     + _lines("{n}\n{start}.000 --> {end}.000\n<v {name}>{text}\n\n")),
    ("Whisper captions", "whisper.srt", _lines("{n}\n{start},000 --> {end},000\n{text}\n\n")),
    ("WhisperX captions", "whisperx.srt",
     _lines("{n}\n{start},000 --> {end},000\n[{name}]: {text}\n\n")),
    ("WhisperX, Whisper, faster-whisper", "whisperx.json", json.dumps({"segments": SEGMENTS})),
    ("whisper.cpp", "cpp.json", json.dumps({"transcription": [
        {"offsets": {"from": 5000 * n, "to": 5000 * n + 4000}, "text": f" {text}"}
        for n, (_, text) in enumerate(TALK)]})),
    ("Table, commas or semicolons", "turns.csv", "Spreker;Tekst;Begin;Einde\n"
     + _lines('{name};"{text}";{start};{end}\n')),
    ("Table, tabs", "turns.tsv", "speaker\ttext\tstart\tend\n"
     + _lines("{name}\t{text}\t{start}\t{end}\n")),
    ("Workbook", "turns.xlsx", workbook(
        ("Speaker", "Text", "Start", "End"),
        *((name, text, _clock(5 * n), _clock(5 * n + 4)) for n, (name, text) in enumerate(TALK)))),
)  # fmt: skip
