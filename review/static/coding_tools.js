// Picker, memo, new code, stripes, selection and audio, as the machine's effects ask for them.

import { setUpAudio } from "./audio.js";
import { forgetCodes, knownCodes, readCodes } from "./codebook.js";
import { nameUnderPointer, paintCodedWords } from "./coded_words.js";
import { textOf } from "./codings.js";
import { boundsOf } from "./commands.js";
import { sayUncounted } from "./counting.js";
import { ASIDE, READY } from "./machine.js";
import { openPassage, showToolbar } from "./passages.js";
import { openPicker, wordingOf } from "./picker.js";
import { t } from "./say.js";
import { selectedSpan } from "./selection.js";
import { hasWords, standing } from "./standing.js";
import { paintStripes } from "./stripes.js";
import { answerProposal, openMemo, openProposal } from "./writing.js";
import { paintBounds } from "./words.js";

const at = (id) => document.getElementById(id);

export function createCodingTools({ dispatch, makeId, now, pickKey }) {
  let audio = null;
  const transcript = at("transcript");

  // Which excerpt words belong to: the one in hand where it has any of them, else where they begin.
  function excerptAt(span) {
    const { screen } = now();
    const parts = screen.turns.flatMap((turn) => turn.parts).filter((part) => part.excerpt_id !== null
      && part.start_char < span.end_char && part.start_char + Array.from(part.text).length > span.start_char);
    if (!parts.length || parts.some((part) => part.excerpt_id === screen.excerpt_id)) return screen.excerpt_id;
    return parts[0].excerpt_id;
  }

  function pick(how) {
    const { screen, phase } = now();
    if (phase !== ASIDE) return;
    openPicker(at("picker"), { codes: readCodes(), language: screen.language, given: [], onNone: () => {}, ...how });
  }

  const command = (name, more = {}) => dispatch({ type: "command", command: name, id: makeId(), ...more });

  function pickForExcerpt() {
    const span = selectedSpan(transcript);
    const { screen, part } = now();
    const excerptId = span ? excerptAt(span) : screen.excerpt_id;
    const place = span ?? part?.span ?? null;
    pick({
      title: span ? t("Code these words") : t("Another code"),
      note: place ? sayUncounted(screen, place) : "",
      given: screen.state.given.filter((guid) => (place ? hasWords(screen.state, guid, place) : standing(screen.state, guid) === "given")),
      onPick: (code) => {
        window.getSelection().removeAllRanges();
        dispatch({ type: "pick", id: makeId(), excerptId, span, ...code });
      },
      onNew: (typed) => command("propose", { name: typed, span }),
    });
  }

  function openCoding(coding) {
    const { screen } = now();
    if (now().phase !== READY) return;
    const place = coding.span ?? {};
    const removal = { verdict: "remove", code_guid: coding.guid, ...place };
    const send = (verdicts, named = {}) => dispatch({ type: "passage", id: makeId(), excerptId: coding.excerptId, verdicts, codes: named });
    openPassage(at("passage"), {
      screen,
      coding,
      definition: definitionOf(coding.guid),
      onRemove: () => send([removal]),
      onChange: () => {
        command("aside");
        pick({
          title: t("Change code"),
          onPick: ({ guid, name, colour }) => send([removal, { verdict: "add", code_guid: guid, ...place }], { [guid]: { name, colour } }),
        });
      },
    });
  }

  function definitionOf(guid) {
    const code = knownCodes().find((each) => each.guid === guid);
    return code && wordingOf(code, now().screen.language).definition;
  }

  // name, span: of a code that was looked for, and the words that it was looked for.
  function openNewCode({ name = "", span: chosen = null }) {
    const { screen, part } = now();
    const selected = chosen ?? selectedSpan(transcript);
    const span = selected ?? part?.span ?? null;
    openProposal(at("writing"), {
      words: textOf(screen, span ?? boundsOf(now())),
      typed: name,
      uncounted: span ? sayUncounted(screen, span) : "",
      onSave: (said) => dispatch({
        type: "write", kind: "propose",
        body: { id: makeId(), excerpt_id: span ? excerptAt(span) : screen.excerpt_id, version_id: screen.version_id, ...said, ...(span ?? {}) },
      }),
    });
  }

  function writeMemo() {
    const { screen } = now();
    openMemo(at("writing"), {
      memo: screen.state.memo,
      onSave: (text) => dispatch({ type: "write", kind: "memo", memo: text, body: { id: makeId(), excerpt_id: screen.excerpt_id, text } }),
    });
  }

  showToolbar(transcript, () => selectedSpan(transcript), () => command("pick"), pickKey);
  nameUnderPointer(transcript);

  return {
    effects: {
      openPicker: pickForExcerpt,
      openProposal: openNewCode,
      openMemo: writeMemo,
      forgetCodes,
      proposed: ({ message }) => { answerProposal(at("writing"), message); forgetCodes(); },
      play: () => audio?.playPause(),
    },
    paint() {
      const machine = now();
      paintBounds(transcript, machine.screen, machine.part?.span ?? null);
      paintStripes(transcript, machine.screen, openCoding);
      paintCodedWords(transcript, machine.screen);
      audio = setUpAudio(transcript, machine.screen);
      readCodes();
    },
  };
}
